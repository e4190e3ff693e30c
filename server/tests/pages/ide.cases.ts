import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDemo } from "../../../db/seed/demo.ts";
import { personas } from "../../../db/seed/personas.ts";
import { readStory } from "../../ide/story.ts";
import { writeTokens } from "../../start/tokens.ts";
import { type Json, startTestApi, type TestApi, wideRates } from "../support.ts";

export function ideCases(browser: () => Browser): void {
  let api: TestApi;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    api = await startTestApi({ because: "it is filled with the demo", config: { rates: wideRates } });
    await seedDemo(api.ownerUrl);
    writeTokens(api.config.dataDir);
    page = await browser().newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(`${api.url}/ide`);
    await page.locator("#who:enabled").waitFor();
  });
  afterAll(async () => {
    await page.context().close();
    await api.close();
    expect(problems).toEqual([]);
  });

  /** What stands in an editor of the IDE. */
  const editor = (name: string): Promise<string> =>
    page.evaluate(`monaco.editor.getModels().find((model) => model.uri.path.endsWith("${name}")).getValue()`);
  const open = (name: string) => page.locator(".graphiql-tab-button", { hasText: name }).click();
  const tabNames = async () =>
    (await page.locator(".graphiql-tab-button").allInnerTexts()).map((name) => name.trim());
  const run = async (): Promise<Json> => {
    const answered = page.waitForResponse(
      (response) =>
        response.url().endsWith("/graphql") && !response.request().postData()?.includes("IntrospectionQuery"),
    );
    await page.getByRole("button", { name: /^Execute/ }).click();
    const answer = await (await answered).json();
    // The IDE learns the name of a tab's operation a moment after the tab was opened.
    if (answer.errors?.[0].extensions.reason === "document_invalid") return run();
    await expect.poll(() => editor("response.json")).toContain(Object.keys(answer)[0]);
    return answer;
  };

  test("greets by name, with the operations of the README as tabs and everybody to choose from", async () => {
    expect(await page.title()).toBe("RestartiX · GraphQL");
    expect(await page.getByRole("heading", { name: "RestartiX" }).isVisible()).toBe(true);
    expect(await tabNames()).toEqual(readStory().map(({ name }) => name));
    const people = await page
      .locator("#who option:not([hidden])")
      .evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    expect(people.toSorted()).toEqual(["", "maria.ionescu@example.com", ...Object.keys(personas)].toSorted());
    expect(await page.locator("#mailbox").getAttribute("href")).toBe("http://localhost:4080");
  });

  test("the story is clicked through: variables come from the answers before, people from their tabs", async () => {
    for (const { name, as = "", variables } of readStory()) {
      await open(name);
      await expect.poll(() => page.locator("#who").inputValue()).toBe(as);
      if (variables) {
        await expect.poll(() => editor("variables.json")).not.toContain("<");
      }
      const answer = await run();
      expect([name, answer.errors]).toEqual([name, undefined]);
      if (name === "ClaimProfiles") expect(JSON.stringify(answer)).toContain("Ionescu");
      if (name === "MyAppointments") expect(answer.data.appointments.nodes).toHaveLength(1);
    }
  });

  test("the picker signs somebody in, and out, in the tab that is open", async () => {
    await open("OpenRequests");
    await page.locator("#who").selectOption("patient");
    await expect.poll(() => page.locator("#said").textContent()).toBe("patient is signed in, in this tab.");
    expect((await run()).data.bookingRequests.nodes).toEqual([]);
    await page.locator("#who").selectOption("front-desk");
    await expect
      .poll(() => page.locator("#said").textContent())
      .toBe("front-desk is signed in, in this tab.");
    expect((await run()).data.bookingRequests.nodes.length).toBeGreaterThan(0);
    await page.locator("#who").selectOption("");
    await expect.poll(() => editor("request-headers.json")).toBe("{}");
    expect((await run()).errors[0].extensions.code).toBe("UNAUTHENTICATED");
  });

  test("a tab of the reader's own is there after a reload, beside the story as the README has it", async () => {
    await page.getByRole("button", { name: /^New tab/i }).click();
    await page.locator(".graphiql-query-editor .monaco-editor").first().click();
    await page.keyboard.type("query Mine { me { principalId ");
    await page.waitForFunction('localStorage["graphiql:tabState"].includes("Mine")');
    await page.reload();
    await page.locator("#who:enabled").waitFor();
    expect(await tabNames()).toEqual([...readStory().map(({ name }) => name), "Mine"]);
  });
}
