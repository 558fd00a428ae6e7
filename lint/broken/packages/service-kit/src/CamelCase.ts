// breaks useFilenamingConvention
export const named = "in kebab-case";
