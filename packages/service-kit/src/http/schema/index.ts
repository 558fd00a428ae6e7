export { checkRequests } from "./check-requests.ts";
export { fieldErrors } from "./field-errors.ts";
export { refusalsWith } from "./problem-schema.ts";
export {
  amountText,
  count,
  cursor,
  decimal,
  id,
  instant,
  money,
  text,
  textSchema,
  timeText,
} from "./scalars.ts";
export { requests, vocabulary } from "./vocabulary.ts";
