import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const USUAL = "/usr/bin/chromium";

/** What a browser has to say of a page. */
export interface Opened {
  /** Errors and warnings of its console, and requests that it made for anything else. */
  readonly complaints: readonly string[];
  readonly width: number;
  readonly windowWidth: number;
}

/** Opens a file in a narrow window. `undefined` where there is no Chromium and `CHROMIUM` demands none. */
export async function openReport(path: string): Promise<Opened | undefined> {
  const demanded = process.env.CHROMIUM;
  const executablePath = demanded ?? USUAL;
  const isThere = await access(executablePath).then(
    () => true,
    () => false,
  );
  assert.ok(isThere || demanded === undefined, `CHROMIUM names a program: ${executablePath}`);
  if (!isThere) return undefined;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const complaints: string[] = [];
    const address = pathToFileURL(path).href;
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== address && !url.startsWith("data:")) complaints.push(url);
    });
    await page.goto(address);
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    return { complaints, width, windowWidth: 390 };
  } finally {
    await browser.close();
  }
}
