import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { billedClinics } from "./billed.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";
import { scriptsOf } from "./weighed.ts";

const plain = (text: string | null) => (text ?? "").replace(/[\u00a0\u202f\u2009]/g, " ");

/** Billing, as a clinic's administrator reads and sets it, as its front desk does not, and as a superadmin sets it right. */
export function billingCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const sql = (text: string, values?: unknown[]) => clinic().api.sql(text, values);

  beforeAll(async () => {
    await sql(billedClinics(clinic().api.issuer.issuer));
    for (const name of ["carmen", "felicia", "dumitru", "elena", "rada"])
      writeFileSync(path.join(clinic().api.config.dataDir, "tokens", `${name}.txt`), clinic().token(name));
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const press = (name: string | RegExp) => button(name).first().press("Enter");
  const region = (name: string | RegExp) => page.getByRole("region", { name });
  const fact = (name: string) => page.locator("dt", { hasText: name }).first().locator("+ dd");
  /** Who looks at a page, from its beginning. */
  const as = async (name: string, address: string) => {
    await page.goto("about:blank");
    await page.goto(`${clinic().api.url}${address}`);
    await page.evaluate("sessionStorage.clear()");
    await page.reload();
    await button(new RegExp(name)).press("Enter");
  };
  /** The amounts that a region shows at the ends of its lines, in minor units; its total is the last one. */
  const amounts = async (name: string) =>
    (await region(name).locator("strong").allTextContents())
      .map((text) => /(-?[\d.]+),(\d\d) RON$/.exec(plain(text)))
      .flatMap((found) => (found ? [Number(`${found[1]?.replaceAll(".", "")}${found[2]}`)] : []));

  test("FND-29: both pages of billing load little before they can be used", async () => {
    for (const address of ["/billing", "/billing-admin"]) {
      const bytes = await scriptsOf(`${clinic().api.url}${address}`);
      process.stdout.write(`${address}: ${bytes} bytes of scripts, compressed\n`);
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThanOrEqual(60_000);
    }
  });

  test("BIL-08: the front desk, which may not see what a clinic pays, is told so, and is shown nothing", async () => {
    await as("felicia", "/billing");
    await page.getByText("Contul acesta nu vede abonamentul").waitFor();
    expect(await page.getByRole("heading", { level: 2 }).count()).toBe(0);
    await lookAt(page, "billing-refused");
    await as("carmen", "/billing-admin");
    await page.getByText("Pagina este a superadministratorilor").waitFor();
    expect(await page.getByLabel("Caută o clinică").count()).toBe(0);
  });

  test("BIL-06: the administrator sees the plan, what was used of it, and the next invoice, which adds up", async () => {
    await as("carmen", "/billing");
    expect(plain(await fact("Plan").textContent())).toBe("Start Activ");
    expect(plain(await fact("Preț").textContent())).toBe("249,00 RON pe lună, fără TVA");
    await region("Consum").locator("summary").press("Enter");
    const sms = region("Consum").locator("tbody tr", { hasText: "SMS" });
    expect((await sms.locator("td").allTextContents()).map(plain)).toEqual(["350", "300", "se facturează", "17,50 RON"]);
    const lines = await amounts("Factura următoare");
    const total = lines.pop();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines).toContain(1750);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBe(total);
    await lookAt(page, "billing");
  });

  test("BIL-06: an invoice shows what it is of, how it stands, and from which usage a line comes", async () => {
    const invoices = region("Facturi").getByRole("button");
    await invoices.first().press("Enter");
    await page.getByRole("heading", { name: /^Factura / }).waitFor();
    expect(plain(await fact("Fără TVA").textContent())).toBe("249,00 RON");
    await lookAt(page, "billing-invoice");
    await press("Înapoi");
    await region("Facturi").waitFor();
  });

  test("BIL-06: another clinic's invoice does not exist, as one that never was", async () => {
    const shown = async (invoice: string) => {
      await page.goto("about:blank");
      await page.goto(`${clinic().api.url}/billing#${invoice}`);
      await page.getByRole("heading", { name: /^Factura / }).waitFor();
      return plain(await page.locator("main").textContent());
    };
    const [{ id: own }] = await sql("select id from app_public.invoices where organization_id = tests.id('cedru') limit 1");
    const [{ id: others }] = await sql("select id from app_public.invoices where organization_id = tests.id('echo') limit 1");
    expect(await shown(own)).toContain("249,00 RON");
    const none = await shown("0198a000-0000-7000-8000-00000000000a");
    expect(none).toContain("Factura nu există.");
    expect(await shown(others)).toBe(none);
  });
}
