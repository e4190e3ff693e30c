import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { offerBookings } from "./bookable.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";
import { heading, visits } from "./visits.ts";

/** The booking page, against the API itself. */
export function bookingCases(browser: () => Browser, clinic: () => Clinic): void {
  const open = visits(browser, { timezoneId: "Europe/Bucharest" });
  const address = () => `${clinic().api.url}/book/atlas`;
  beforeAll(() => offerBookings(clinic()));

  test("APT-05: somebody books on a phone, and every step looks as it should", async () => {
    await open(address(), async (page) => {
      await heading(page, "Ce programare doriți?");
      await lookAt(page, "book-service");
      await page.getByRole("button", { name: /La cabinet/ }).click();
      await heading(page, "La cine doriți să veniți?");
      await lookAt(page, "book-specialist");
      await page.getByRole("button", { name: /Oricare specialist/ }).click();
      await heading(page, "Când vă este bine?");
      await page.getByText(/ore libere\.$/).waitFor();
      await lookAt(page, "book-when");
      await page.locator("section[aria-labelledby=times]").getByRole("button").first().click();
      await heading(page, "Cine vine?");
      await page.getByText("Vă reținem ora încă").waitFor();
      await lookAt(page, "book-details");
      await fill(page);
      await page.getByRole("button", { name: "Cereți programarea" }).click();
      await heading(page, "Cererea a fost trimisă");
      await lookAt(page, "book-done");
    });
    const [request] = await clinic().api.sql(
      "select given_name, email, phone, locale, status from app_public.booking_requests where email = 'ioana.tepes@people.test'",
    );
    expect(request).toEqual({
      given_name: "Ioana",
      email: "ioana.tepes@people.test",
      phone: "+40722123456",
      locale: "ro",
      status: "requested",
    });
  });
}

async function fill(page: Page): Promise<void> {
  await page.getByLabel("Prenume").fill("Ioana");
  await page.getByLabel("Nume", { exact: true }).fill("Țepeș");
  await page.getByLabel("E-mail").fill("ioana.tepes@people.test");
  await page.getByLabel("Telefon").fill("0722 123 456");
}
