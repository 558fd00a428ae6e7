export enum Color { // breaks noEnum
  Red,
}

export namespace Shapes { // breaks noNamespace
  export const corners = 4;
}

export class Point {
  constructor(readonly x: number) {} // breaks noParameterProperties
}

export type Anything = any; // breaks noExplicitAny
