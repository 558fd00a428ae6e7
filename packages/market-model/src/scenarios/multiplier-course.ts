import { progressOf } from "./shapes.ts";

/** How a multiplier goes from 1 and back, with its values drawn and scaled. Plain data. */
export type DrawnCourse =
  | { readonly course: "constant"; readonly times: number }
  | {
      readonly course: "ramp";
      readonly to: number;
      readonly after: number;
      readonly rise: number;
      readonly hold?: number;
      readonly fall: number;
    }
  | {
      readonly course: "aftershock";
      readonly peak: number;
      readonly at: number;
      readonly rise: number;
      readonly scale: number;
      readonly exponent: number;
    };

/** The multiplier at `time` since the scenario's start: above 0, on one side of 1. Ramps are geometric. */
export function courseAt(course: DrawnCourse, time: number): number {
  switch (course.course) {
    case "constant":
      return course.times;
    case "ramp":
      return course.to ** rampAt(course, time);
    case "aftershock": {
      const { peak, at, rise, scale, exponent } = course;
      if (time < at) return peak ** clamped(progressOf(time - at + rise, rise));
      return 1 + (peak - 1) * (1 + (time - at) / scale) ** -exponent;
    }
  }
}

type RampCourse = Extract<DrawnCourse, { course: "ramp" }>;

/** 0 outside the ramp, 1 at its top. */
function rampAt({ after, rise, hold, fall }: RampCourse, time: number): number {
  const up = clamped(progressOf(time - after, rise));
  if (hold === undefined || up < 1) return up;
  return 1 - clamped(progressOf(time - after - rise - hold, fall));
}

const clamped = (share: number): number => Math.min(Math.max(share, 0), 1);
