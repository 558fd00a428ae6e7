import { setting } from "@tse/service-kit";
import { command } from "../command.ts";
import { countText, jsonLine, table } from "../readable.ts";
import { ACCESS_SETTINGS, JSON_SETTING, URL_SETTING } from "../settings.ts";
import { forMachines, listDatasets, MARKET_ADMIN } from "../world-datasets.ts";

/** What a running world was given. */
export const dataList = command({
  verb: "data list",
  about: "list the imported data sets of a running world",
  settings: {
    ...ACCESS_SETTINGS,
    url: setting({ ...URL_SETTING, default: MARKET_ADMIN }),
    json: JSON_SETTING,
  },
  async run(config, { output }) {
    const datasets = await listDatasets(config.url, config);
    if (config.json) output.write(jsonLine({ datasets: datasets.map(forMachines) }));
    else if (datasets.length === 0) output.write("there are no data sets yet\n");
    else {
      const rows = datasets.map(({ name, symbol, kind, interval, points, first_at, last_at }) => [
        name,
        symbol,
        interval === null ? kind.toLowerCase() : `${kind.toLowerCase()} of ${interval}`,
        countText(points),
        first_at,
        last_at,
      ]);
      output.write(table(COLUMNS, rows));
    }
    return 0;
  },
});

const COLUMNS = [
  { title: "Name" },
  { title: "Symbol" },
  { title: "Kind" },
  { title: "Rows", isFigure: true },
  { title: "From" },
  { title: "To" },
];
