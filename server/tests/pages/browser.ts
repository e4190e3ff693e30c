import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";

/**
 * A headless Chromium out of an npm package, with a folder of its own: the package unpacks itself into the temporary
 * folder, and would take whatever Chromium lies there. The libraries that it needs come along, so that the machine
 * needs none. Where a test runs as root there is no sandbox.
 */
export async function openBrowser() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-browser-"));
  const executablePath = await unpackedInto(folder);
  const fonts = path.join(folder, "fonts.conf");
  writeFileSync(
    fonts,
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`,
  );
  const browser = await playwright.launch({
    executablePath,
    // Its camera shows a moving picture that it draws itself, to every page that asks.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
    env: {
      ...process.env,
      TZ: zoneOfAnotherDay(),
      HOME: folder,
      TMPDIR: folder,
      FONTCONFIG_FILE: fonts, // the one of the package looks in /tmp
      LD_LIBRARY_PATH: path.join(folder, "al2023", "lib"),
    },
  });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where it is another day than at the clinics of the tests, at any hour: whoever takes the browser's day for a clinic's is found out. */
function zoneOfAnotherDay(): string {
  const dayIn = (timeZone: string) => new Intl.DateTimeFormat("sv-SE", { timeZone }).format();
  const ahead = "Pacific/Kiritimati";
  return dayIn(ahead) === dayIn("Europe/Bucharest") ? "Pacific/Pago_Pago" : ahead;
}

/** The package asks for the temporary folder, and brings the libraries only where it believes to run at Amazon. */
async function unpackedInto(folder: string): Promise<string> {
  const { TMPDIR, AWS_LAMBDA_JS_RUNTIME } = process.env;
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" });
  try {
    return await chromium.executablePath();
  } finally {
    restore({ TMPDIR, AWS_LAMBDA_JS_RUNTIME });
  }
}

function restore(before: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
