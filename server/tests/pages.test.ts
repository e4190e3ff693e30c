// Starts processes: pages are looked at in a browser.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { openBrowser } from "./pages/browser.ts";
import { ideCases } from "./pages/ide.cases.ts";
import { mailboxCases } from "./pages/mailbox.cases.ts";

// One browser for every page: to unpack it costs more than to look at them.
let opened: Awaited<ReturnType<typeof openBrowser>>;
const browser = (): Browser => opened.browser;

beforeAll(async () => {
  opened = await openBrowser();
});
afterAll(() => opened.close());

describe("the page of the mailbox (FND-15)", () => mailboxCases(browser));
describe("the page of the IDE (FND-30)", () => ideCases(browser));
