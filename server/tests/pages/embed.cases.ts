import vm from "node:vm";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Clinic } from "./clinic.ts";

const own = "https://www.atlas.test";
const others = "https://elsewhere.test";

/** The booking page inside of other pages, by the one script tag that clinics are given. After bookingCases. */
export function embedCases(browser: () => Browser, clinic: () => Clinic): void {
  /** A page of another origin with the tag in it. */
  const visit = async (origin: string, then: (page: Page, said: string[]) => Promise<void>) => {
    const context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    try {
      // The browser asks people before a page of the internet reaches this machine, where the API of a test is.
      await context.grantPermissions(["local-network-access"], { origin });
      const page = await context.newPage();
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      const tag = `<script src="${clinic().api.url}/embed.js" data-clinic="atlas"></script>`;
      await page.route(`${origin}/**`, (route) =>
        route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><h1>Bun venit</h1>${tag}<p>Jos</p>`,
        }),
      );
      await page.goto(`${origin}/programari`);
      await then(page, said);
    } finally {
      await context.close();
    }
  };

  test("APT-05: the clinic's own page shows the booking page, as high as it is; another one's is refused", async () => {
    await clinic().ask(
      "adrian",
      `mutation ($id: UUID!, $origins: [String!]) {
        updateOrganization(input: { id: $id, patch: { embeddingOrigins: $origins } }) { organization { embeddingOrigins } } }`,
      { id: await clinic().id("atlas"), origins: [own] },
    );
    await visit(own, async (page) => {
      const inside = page.frameLocator("iframe[title='Programare online']");
      await inside.getByRole("heading", { name: "Ce programare doriți?" }).waitFor();
      const heights = async () => {
        const frame = (await page.locator("iframe").boundingBox())?.height ?? 0;
        return frame - ((await inside.locator("body").boundingBox())?.height ?? 0);
      };
      await expect.poll(heights).toBeLessThan(2);
      const before = (await page.locator("iframe").boundingBox())?.height ?? 0;
      await inside.getByRole("button", { name: /La cabinet/ }).click();
      await inside.getByRole("button", { name: "Dr. Ana Ionescu" }).click();
      await inside.locator("section[aria-labelledby=times]").getByRole("button").first().click();
      await inside.getByRole("heading", { name: "Cine vine?" }).waitFor();
      await expect.poll(async () => (await page.locator("iframe").boundingBox())?.height).not.toBe(before);
      await expect.poll(heights).toBeLessThan(2);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    });
    await visit(others, async (page, said) => {
      await expect.poll(() => said.join()).toContain("frame-ancestors");
      expect(await page.frameLocator("iframe").getByRole("heading").count()).toBe(0);
    });
  });

  test("APT-05: the page of a clinic says who may show it; of no clinic and of a draft there is none", async () => {
    const { api } = clinic();
    await api.sql("select tests.clinic('draft', draft => true)");
    const policyOf = async (path: string) => {
      const { status, headers } = await api.fetch(path);
      const ancestors = /frame-ancestors ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1];
      return [status, ancestors, headers.get("x-frame-options"), headers.get("access-control-allow-origin")];
    };
    expect(await policyOf("/book/atlas")).toEqual([200, own, null, null]);
    for (const path of ["/book/nobody", "/book/draft", "/book/ATLAS"])
      expect([path, ...(await policyOf(path))]).toEqual([path, 404, "'none'", "DENY", null]);
    expect(await policyOf("/booking")).toEqual([200, "'none'", "DENY", null]);
    const { headers, text } = await api.fetch("/embed.js");
    expect([headers.get("cross-origin-resource-policy"), headers.get("content-type")]).toEqual([
      "cross-origin",
      "text/javascript; charset=utf-8",
    ]);
    // It stands in other people's pages: it leaves no name of its own there.
    const page = vm.createContext({ document: {}, HTMLScriptElement: class {} });
    vm.runInContext(text, page);
    expect(Object.keys(page)).toEqual(["document", "HTMLScriptElement"]);
  });
}
