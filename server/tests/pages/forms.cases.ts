import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookAt, problemsOn } from "./looked_at.ts";
import { servePages } from "./served.ts";

/** The form renderer on the page where templates are tried: any content, no API. */
export function formCases(browser: () => Browser): void {
  let pages: Awaited<ReturnType<typeof servePages>>;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    pages = await servePages();
    context = await browser().newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
    await page.goto(`${pages.url}/preview`);
  });
  afterAll(async () => {
    await context.close();
    pages.close();
    expect(problems).toEqual([]);
  });

  const answers = async () => JSON.parse((await page.locator("#answers").textContent()) ?? "");
  const show = async (content: object) => {
    if (!(await page.getByLabel("JSON, in the format of templates").isVisible()))
      await page.getByText("Content of the template").click();
    await page.getByLabel("JSON, in the format of templates").fill(JSON.stringify(content));
  };
  const check = () => page.getByRole("button", { name: "Check the answers" }).click();

  test("every type of field is there, and looks as it should on a phone and a laptop", async () => {
    await page.getByText("How strong is your pain now?").waitFor();
    await page.getByRole("radio", { name: "4" }).check({ force: true });
    await page.getByRole("button", { name: "Add: Medicine" }).click();
    await lookAt(page, "form");
    await check();
    await lookAt(page, "form-problems");
  });

  test("what is missing is listed, read out, leads to its field, and is gone once it is answered", async () => {
    const list = page.getByRole("region", { name: /answers need another look/ });
    await expect
      .poll(() => page.locator(":focus").getAttribute("aria-label"))
      .toMatch(/^\d answers need another look/);
    await list.getByRole("link", { name: "Full name" }).press("Enter");
    const name = page.getByLabel("Full name");
    await expect.poll(() => page.locator(":focus").getAttribute("id")).toBe(await name.getAttribute("id"));
    expect(await name.getAttribute("aria-invalid")).toBe("true");
    const described = await name.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${described}"]`).textContent()).toBe("Answer this question.");
    await name.fill("Ioana Mureșan");
    await check();
    await expect.poll(() => name.getAttribute("aria-invalid")).toBe("false");
    expect(new URL(page.url()).hash).toBe("");
  });

  test("a form is filled in by keyboard alone; conditions show and hide as one answers", async () => {
    await show({
      format: 1,
      title: { en: "Keys" },
      items: [
        { key: "name", type: "text", label: { en: "Name" } },
        { key: "pain", type: "scale", label: { en: "Pain" }, min: 0, max: 3 },
        {
          key: "where",
          type: "choices",
          label: { en: "Where" },
          visible_if: { field: "pain", op: "greater", value: 0 },
          options: [
            { value: "knee", label: { en: "Knee" } },
            { value: "hip", label: { en: "Hip" } },
          ],
        },
        { key: "old", type: "boolean", label: { en: "Before?" }, required: true },
        {
          key: "list",
          type: "group",
          label: { en: "Visit" },
          repeat: { max: 2 },
          items: [
            { key: "on", type: "date", label: { en: "On" } },
            { key: "cost", type: "number", label: { en: "Cost" } },
          ],
        },
      ],
    });
    await page.locator("#field-name").focus();
    const keys = async (...pressed: string[]) => {
      for (const key of pressed) await page.keyboard.press(key);
    };
    await page.keyboard.type("Ana");
    expect(await page.getByText("Where").count()).toBe(0);
    await keys("Tab", "Space", "ArrowRight", "ArrowRight");
    expect(await answers()).toEqual({ name: "Ana", pain: 2 });
    await keys("Tab", "Tab", "Space", "Tab", "Space");
    expect(await answers()).toEqual({ name: "Ana", pain: 2, where: ["hip"], old: true });
    await keys("Tab", "Enter");
    await expect.poll(() => page.locator(":focus").getAttribute("id")).toBe("field-list[0].on");
    await page.keyboard.type("05052026");
    await keys("Tab", "Tab");
    await page.keyboard.type("12,5");
    expect(await answers()).toMatchObject({ list: [{ on: "2026-05-05", cost: 12.5 }] });
    await keys("Tab", "Tab", "Enter");
    await expect.poll(() => page.locator(":focus").getAttribute("id")).toBe("field-list[1].on");
    const removes = page.getByRole("button", { name: "Remove Visit, 2" });
    for (let left = 9; left > 0 && !(await removes.evaluate((one) => one.matches(":focus"))); left -= 1)
      await keys("Tab");
    await keys("Enter");
    await expect.poll(answers).toMatchObject({ list: [{ on: "2026-05-05", cost: 12.5 }] });
    expect(await page.locator(":focus").textContent()).toBe("Add: Visit");
  });

  test("a number that is none stays as it was typed, and is said to be none", async () => {
    await show({
      format: 1,
      title: { en: "Number" },
      items: [{ key: "n", type: "integer", label: { en: "How many" }, min: 0, max: 10 }],
    });
    for (const [typed, said] of [
      ["a few", "Write a number."],
      ["2,5", "Write a whole number."],
      ["11", "The largest number accepted is 10."],
    ] as const) {
      await page.getByLabel("How many").fill(typed);
      await check();
      await expect.poll(() => page.locator("#field-n-problem").textContent()).toBe(said);
      expect(await page.getByLabel("How many").inputValue()).toBe(typed);
    }
  });

  test("texts of a template stay texts, in either language, and the other one is used where one is missing", async () => {
    const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    await show({
      format: 1,
      title: { ro: hostile },
      intro: { ro: hostile },
      items: [
        { key: "a", type: "statement", text: { ro: hostile } },
        {
          key: "b",
          type: "choice",
          label: { ro: "Alege", en: "Choose" },
          options: [{ value: hostile, label: { ro: hostile } }],
        },
      ],
    });
    await page.getByRole("radio").check();
    expect(await answers()).toEqual({ b: hostile });
    expect(await page.locator("form img, form script").count()).toBe(0);
    await page.getByRole("button", { name: "Română" }).click();
    expect(await page.locator("legend", { hasText: "Alege" }).isVisible()).toBe(true);
    await expect.poll(() => page.evaluate("document.documentElement.lang")).toBe("ro");
    await page.getByRole("button", { name: "English" }).click();
    expect(await page.title()).not.toContain("owned");
  });

  test("500 fields are shown and answered without a wait that anybody notices", async () => {
    const items = Array.from({ length: 500 }, (_, index) => ({
      key: `f${index}`,
      type: "text",
      label: { en: `Field ${index}` },
      ...(index > 0 && { visible_if: { field: "f0", op: "answered" } }),
    }));
    await show({ format: 1, title: { en: "Long" }, items });
    await page.locator("#field-f0").fill("x");
    await expect.poll(() => page.locator("#field-f499").count()).toBe(1);
    await page.locator("#field-f499").fill("last");
    expect(await answers()).toEqual({ f0: "x", f499: "last" });
  });
}
