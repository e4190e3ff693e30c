import { expect, test } from "vitest";
import { lookAt } from "./looked_at.ts";
import { press, type Visit } from "./session_visit.ts";
import type { Telerehab } from "./telerehab.ts";
import { heading } from "./visits.ts";

/** What comes after a session that Bogdan has just done: a form about it, and one more. */
export function afterSessionCases(bogdan: () => Visit, world: () => Telerehab): void {
  test("EXE-02: the form that is asked after a session is led to at its end, and filled in; what is wrong is told where it stands", async () => {
    const { page } = bogdan();
    await page.getByRole("heading", { name: "The clinic asks you to fill in" }).waitFor();
    await lookAt(page, "session-form-asked");
    await page.getByRole("link", { name: "Form", exact: true }).press("Enter");
    await heading(page, "Form");
    await press(page, "Send the form");
    await page.getByRole("link", { name: /^How tired are you\?/ }).waitFor();
    await page.getByLabel(/^What should we know/).fill("nothing");
    await press(page, "Save and go on later");
    await page.getByText("Your answers are saved.").waitFor();
    await lookAt(page, "session-form");
    await press(page, "To my sessions");
    await page.getByRole("link", { name: "Form", exact: true }).press("Enter");
    expect(await page.getByLabel(/^What should we know/).inputValue()).toBe("nothing");
    await page.getByLabel("3", { exact: true }).check();
    await page.getByLabel(/^What should we know/).fill("");
    await press(page, "Send the form");
    await page.getByText("Thank you.").waitFor();
    const [form] = await world().formsOf("bogdan");
    expect(form).toMatchObject({ status: "completed", answers: { tired: 3 } });
    await press(page, "To my sessions");
    await page.getByText("You have no session today.").waitFor();
    await page.getByRole("link", { name: "Form", exact: true }).waitFor({ state: "detached" });
    // Whoever has the address of somebody else's form has an address.
    await page.goto(`${world().api.url}/session#form=${form.patient_profile_id}`);
    await page.reload();
    await heading(page, "There is no such form.");
    await press(page, "To my sessions");
  });

  test("EXE-05: a session is done once more where the plan allows it, and a plan that rests refuses it", async () => {
    const { context, page, problems } = bogdan();
    const setPlan = (status: string) =>
      world().api.sql(
        `update app_public.patient_treatment_plans set status = $1, paused_on = case when $1 = 'paused' then current_date end
         where patient_profile_id = tests.id('bogdan')`,
        [status],
      );
    await press(page, /^One session more of the plan Genunchi/);
    await page.getByText("Choose one of 2 sessions:").waitFor();
    await lookAt(page, "session-once-more");
    await press(page, /^The second session/);
    await heading(page, "The second session");
    for (const box of await page.getByLabel(/I have read this/).all()) await box.check();
    await page.getByLabel("0, not at all").check();
    await setPlan("paused");
    await press(page, "Begin the session");
    await page.getByText("STATE treatment_plan_not_active").waitFor();
    expect(await world().sessionOf("bogdan", { isExtra: true })).toBeUndefined();
    await setPlan("active");
    await press(page, "Begin the session");
    await press(page, "Skip the exercise");
    await press(page, "Save and go on");
    // Closed in the middle, it goes on as the session that it is now.
    await page.reload();
    await page.getByRole("button", { name: /^The second session.*extra.*begun/ }).click();
    await press(page, "Go on with the session");
    await heading(page, "How do you feel?");
    await page.getByLabel("1", { exact: true }).check();
    await press(page, "End the session");
    await heading(page, "The session is done");
    expect(await world().sessionOf("bogdan", { isExtra: true })).toMatchObject({
      status: "completed",
      position: 2,
      pain_before: 0,
      pain_after: 1,
    });
    expect(problems).toEqual([]);
    await context.close();
  });
}
