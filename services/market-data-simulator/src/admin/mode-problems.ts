import { Problem, validationFailed } from "@tse/service-kit";
import { type SymbolTerms, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import type { ModeRefusal, Planned } from "../modes/plan-mode.ts";
import { KNOWN_MODES, type PriceMode, readMode } from "../modes/price-mode.ts";

/** @throws Problem `validation_failed` for what is no mode, and for a pair */
export function modeNamed(text: string, symbol: SymbolTerms, field: string): PriceMode {
  const mode = readMode(text);
  if (mode === undefined) {
    throw validationFailed([{ field, rule: "one_of", message: `is ${KNOWN_MODES}` }]);
  }
  refusePair(symbol, field);
  return mode;
}

/** @throws Problem `validation_failed` */
export function refusePair({ symbol, base, quote }: SymbolTerms, field: string): void {
  if (quote === UNIT_OF_ACCOUNT) return;
  const legs = [base, quote].map((asset) => `${asset}/${UNIT_OF_ACCOUNT}`).join(" and ");
  const message = `${symbol} follows its legs: name ${legs}`;
  throw validationFailed([{ field, rule: "leg", message }]);
}

/** @param fields what the caller named the data set and the point in it by. @throws Problem with the refusal's own code */
export function termsOf<Terms>(
  planned: Planned<Terms>,
  fields: { readonly dataset: string; readonly start: string },
): Terms {
  if (planned.status === "planned") return planned.terms;
  const { code, rule } = planned.refusal;
  const field = code === "outside_dataset" ? fields.start : fields.dataset;
  throw new Problem({
    status: code === "dataset_not_found" ? 404 : 400,
    code,
    title: TITLES[code],
    detail: `${field}: ${rule}`,
    errors: [{ field, rule: code, message: rule }],
  });
}

const TITLES = {
  dataset_not_found: "There is no such data set",
  dataset_of_another_symbol: "The data set is of another symbol",
  dataset_unsuitable: "The data set can't be used so",
  outside_dataset: "The data set has no such time",
} as const satisfies Readonly<Record<ModeRefusal["code"], string>>;
