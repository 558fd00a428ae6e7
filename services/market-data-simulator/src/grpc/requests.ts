import { fromTimestamp, type HistoryRequest } from "@tse/contracts";
import { type Timestamp, timestamp } from "@tse/domain";
import { CANDLE_INTERVALS, type CandleInterval } from "@tse/market-data-adapter";
import { validationFailed } from "@tse/service-kit";

type Moment = HistoryRequest["startTime"];

export interface Range {
  readonly start: Timestamp | undefined;
  readonly end: Timestamp | undefined;
}

const LIMIT = 50;
const LIMIT_MAX = 500;

/** @throws Problem `validation_failed` for what is no time, and when it ends before it begins */
export function rangeOf(request: { startTime?: Moment; endTime?: Moment }): Range {
  const start = timeOf(request.startTime, "start_time");
  const end = timeOf(request.endTime, "end_time");
  if (start !== undefined && end !== undefined && end <= start) {
    throw wrong("end_time", "order", "must be behind start_time");
  }
  return { start, end };
}

function timeOf(moment: Moment, field: string): Timestamp | undefined {
  if (moment === undefined) return undefined;
  const time = fromTimestamp(moment);
  if (time === undefined || time < 0) throw wrong(field, "time", "is a time from 1970 to 2255");
  return timestamp(time);
}

/** @throws Problem `validation_failed` for an interval that there is not */
export function intervalOf(text: string): CandleInterval {
  if (Object.hasOwn(CANDLE_INTERVALS, text)) return text as CandleInterval;
  const names = Object.keys(CANDLE_INTERVALS).join(", ");
  throw wrong("interval", "one_of", `must be one of ${names}`);
}

/** 0 is the usual one. @throws Problem `validation_failed` */
export function limitOf(limit: number, usual = LIMIT, most = LIMIT_MAX, field = "limit"): number {
  if (limit < 0 || limit > most) throw wrong(field, "range", `must be from 0 to ${most}`);
  return limit === 0 ? usual : limit;
}

function wrong(field: string, rule: string, message: string) {
  return validationFailed([{ field, rule, message }]);
}
