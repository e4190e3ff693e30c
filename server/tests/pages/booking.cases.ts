import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { elsewhere, offerBookings } from "./bookable.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";
import { heading, visits } from "./visits.ts";

/** The booking page, against the API itself. */
export function bookingCases(browser: () => Browser, clinic: () => Clinic): void {
  const open = visits(browser, { timezoneId: "Europe/Bucharest" });
  const address = () => `${clinic().api.url}/book/atlas`;
  const requestsOf = (email: string) =>
    clinic().api.sql(
      `select r.given_name, r.phone, r.message, r.locale, r.status, to_char(r.starts_at at time zone 'Europe/Bucharest', 'HH24:MI') as at
       from app_public.booking_requests as r where r.email = $1`,
      [email],
    );
  beforeAll(() => offerBookings(clinic()));

  test("APT-05: somebody books on a phone; every step looks as it should; the page loads little, and nothing from elsewhere", async () => {
    let script = 0;
    const asked: string[] = [];
    await open(
      address(),
      async (page) => {
        await heading(page, "Ce programare doriți?");
        await page.getByText("30 de minute · 150,00 RON · prin apel video").waitFor();
        await page.getByText("în grup de cel mult 6 persoane").waitFor();
        await lookAt(page, "book-service");
        await page.getByRole("button", { name: /La cabinet/ }).click();
        await heading(page, "La cine doriți să veniți?");
        await lookAt(page, "book-specialist");
        await page.getByRole("button", { name: /Oricare specialist/ }).click();
        await heading(page, "Când vă este bine?");
        await page.getByText(/ore libere\.$/).waitFor();
        await lookAt(page, "book-when");
        await times(page).first().click();
        await heading(page, "Cine vine?");
        await page.getByText("Vă reținem ora încă").waitFor();
        await lookAt(page, "book-details");
        await page.getByRole("button", { name: "Cereți programarea" }).click();
        await page.getByRole("region", { name: /răspunsuri/ }).waitFor();
        await fill(page, "ioana.tepes@people.test", "12");
        await page.getByRole("button", { name: "Cereți programarea" }).click();
        // What the API says about a field stands at the field.
        await expect.poll(() => page.getByLabel("Telefon").getAttribute("aria-invalid")).toBe("true");
        await lookAt(page, "book-problem");
        await page.getByLabel("Telefon").fill("0722 123 456");
        await page.getByRole("button", { name: "Cereți programarea" }).click();
        await heading(page, "Cererea a fost trimisă");
        await lookAt(page, "book-done");
        expect(await page.evaluate("document.cookie")).toBe("");
        expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain("ioana");
      },
      async (response) => {
        asked.push(response.url());
        if (!response.url().endsWith(".js")) return;
        const { length } = gzipSync(await response.body());
        script += length;
      },
    );
    expect(script).toBeGreaterThan(5_000);
    expect(script).toBeLessThan(60_000);
    process.stdout.write(`the booking page: ${script} bytes of script, compressed\n`);
    expect(asked.filter((one) => !one.startsWith(clinic().api.url))).toEqual([]);
    expect(await requestsOf("ioana.tepes@people.test")).toMatchObject([
      { given_name: "Ioana", phone: "+40722123456", locale: "ro", status: "requested" },
    ]);
  });

  test("APT-05, SCH-07: by keyboard alone: a time that somebody takes disappears; one that is lost while typing is replaced, and nothing typed is lost", async () => {
    const other = elsewhere(clinic());
    await open(`${address()}?lang=ro`, async (page) => {
      const keys = keyboardOf(page);
      await heading(page, "Ce programare doriți?");
      await keys.press(page.getByRole("button", { name: /La cabinet/ }));
      await heading(page, "La cine doriți să veniți?");
      await keys.press(page.getByRole("button", { name: "Dr. Dan Ionescu" }));
      await heading(page, "Când vă este bine?");
      const days = page.getByRole("group", { name: "Alegeți ziua" });
      await days.getByRole("radio").first().waitFor();
      await keys.to(days.getByRole("radio", { checked: true }));
      // On to a day that nobody has booked and of which no hour has passed, whatever time it is now.
      const freeTimes = async () => {
        await keys.tap("ArrowRight");
        await page.waitForTimeout(500);
        return await times(page).count();
      };
      await expect.poll(freeTimes, { interval: 100 }).toBe(4);
      const day = (await page.evaluate("JSON.parse(sessionStorage.getItem('booking-atlas')).day")) as string;

      // Somebody else takes the time that the focus is on.
      await keys.to(times(page).first());
      await other.book("La cabinet", await at(clinic(), day, "09:00"), { specialist: "dan" });
      await expect.poll(() => times(page).allTextContents()).toEqual(["10:00", "11:00", "12:00"]);
      await expect.poll(() => page.locator(":focus").getAttribute("id")).toBe("times");

      await keys.press(times(page).first());
      await heading(page, "Cine vine?");
      for (const [label, typed] of [
        ["Prenume", "Maria"],
        ["Nume", "Ene"],
        ["E-mail", "maria.ene@people.test"],
        ["Telefon", "0733 111 222"],
      ] as const) {
        await keys.to(page.getByLabel(label, { exact: true }));
        await page.keyboard.type(typed);
      }
      // The time is kept no longer, and somebody else books it.
      await expireHolds(clinic());
      await other.book("La cabinet", await at(clinic(), day, "10:00"), { specialist: "dan" });
      await keys.tap("Enter");
      const lost = page.getByRole("region", { name: /tocmai a fost luată/ });
      await lost.getByText("SLOT_TAKEN slot_taken").waitFor();
      await expect.poll(() => lost.getByRole("button").allTextContents()).toHaveLength(3);
      await lookAt(page, "book-lost");
      await keys.press(lost.getByRole("button", { name: /11:00$/ }).first());
      await page.getByText("Vă reținem ora încă").waitFor();
      expect(await page.getByLabel("Prenume").inputValue()).toBe("Maria");
      await keys.press(page.getByRole("button", { name: "Cereți programarea" }));
      await heading(page, "Cererea a fost trimisă");
    });
    expect(await requestsOf("maria.ene@people.test")).toMatchObject([
      { given_name: "Maria", status: "requested" },
    ]);
  });

  test("APT-05: a reload, the back button, a lost network and a lost answer lose nothing, and nothing is booked twice", async () => {
    await open(address(), async (page) => {
      await page.getByRole("button", { name: /De acasă/ }).click();
      await times(page).first().click();
      await heading(page, "Cine vine?");
      await page.getByText("prin apel video").waitFor();
      await fill(page, "vasile@people.test");
      await page.getByLabel("Mesaj pentru clinică").fill("Mă doare spatele.");
      await page.getByRole("button", { name: "Am nevoie de mai mult timp" }).click();
      await page.reload();
      await heading(page, "Cine vine?");
      expect(await page.getByLabel("Mesaj pentru clinică").inputValue()).toBe("Mă doare spatele.");
      await page.goBack();
      await heading(page, "Când vă este bine?");
      await page.getByRole("button", { name: /reținută pentru dumneavoastră/ }).waitFor();
      await page.goForward();
      await heading(page, "Cine vine?");

      await page.context().setOffline(true);
      await page.getByRole("button", { name: "Cereți programarea" }).click();
      await page.getByText("Nu am primit niciun răspuns.").waitFor();
      await page.context().setOffline(false);
      // The booking is made, and its answer is lost on its way, as often as the page asks again by itself.
      await page.route("**/v1/public/bookings", async (route) => {
        await route.fetch();
        await route.abort();
      });
      await page.getByRole("button", { name: "Cereți programarea" }).click();
      await page.getByText("Se trimite…").waitFor();
      await page.getByText("Nu am primit niciun răspuns.").waitFor();
      await page.unroute("**/v1/public/bookings");
      await page.getByRole("button", { name: "Cereți programarea" }).click();
      await heading(page, "Cererea a fost trimisă");
      await page.reload();
      await heading(page, "Cererea a fost trimisă");
    });
    expect(await requestsOf("vasile@people.test")).toHaveLength(1);
  });

  test("APT-05: a time that ends while somebody types, and is taken, is said before they send anything", async () => {
    await open(address(), async (page) => {
      await page.clock.install();
      await page.getByRole("button", { name: /Grup mic/ }).click();
      await page.getByText("6 locuri libere").first().waitFor();
      await times(page).last().click();
      await heading(page, "Cine vine?");
      await page.getByLabel("Prenume").fill("Ilie");
      const { day, hold } = JSON.parse(
        (await page.evaluate("sessionStorage.getItem('booking-atlas')")) as string,
      ) as { day: string; hold: { startsAt: string } };
      await expireHolds(clinic());
      await page.clock.fastForward("10:30");
      await page.getByRole("button", { name: "Rețineți-o din nou" }).waitFor();
      await elsewhere(clinic()).book("Grup mic", hold.startsAt, { places: 6 });
      await page.clock.fastForward("00:05");
      await page.getByRole("region", { name: /tocmai a fost luată/ }).waitFor();
      expect(await page.getByLabel("Prenume").inputValue()).toBe("Ilie");
      expect(day).toMatch(/^\d{4}-/);
    });
  });

  test("APT-05, FND-29: in English for whoever reads English, by the clinic's clocks and one's own", async () => {
    const abroad = visits(browser, { locale: "en-GB", timezoneId: "America/New_York" });
    await abroad(address(), async (page) => {
      await heading(page, "What would you like to book?");
      await page.getByRole("heading", { name: "Physiotherapy" }).waitFor();
      await page.getByRole("button", { name: /De acasă/ }).click();
      await page.getByText("Times are the clinic’s (Europe/Bucharest).").first().waitFor();
      await page
        .getByText(/ where you are$/)
        .first()
        .waitFor();
      const [theirs, mine] = ((await times(page).first().textContent()) ?? "").match(/\d+(?=:)/g) ?? [];
      expect([7, -17]).toContain(Number(theirs) - Number(mine));
      await page.getByRole("button", { name: "Română" }).click();
      await heading(page, "Când vă este bine?");
    });
    await abroad(`${clinic().api.url}/book/nobody`, async (page) => {
      await heading(page, "This clinic takes no bookings here");
      await page.getByText("NOT_FOUND organization_not_found").waitFor();
    });
    await abroad(`${address()}?lang=ro`, (page) => heading(page, "Ce programare doriți?"));
  });
}

const times = (page: Page) => page.locator("section[aria-labelledby=times]").getByRole("button");

async function fill(page: Page, email: string, phone = "0722 123 456"): Promise<void> {
  await page.getByLabel("Prenume").fill("Ioana");
  await page.getByLabel("Nume", { exact: true }).fill("Țepeș");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Telefon").fill(phone);
}

/** Tab, Enter and arrows, and nothing else. */
function keyboardOf(page: Page) {
  const to = async (found: ReturnType<Page["locator"]>) => {
    for (let left = 60; left > 0 && !(await found.evaluate((one) => one.matches(":focus"))); left -= 1)
      await page.keyboard.press("Tab");
    expect(await found.evaluate((one) => one.matches(":focus"))).toBe(true);
  };
  return {
    to,
    tap: (key: string) => page.keyboard.press(key),
    async press(found: ReturnType<Page["locator"]>) {
      await to(found);
      await page.keyboard.press("Enter");
    },
  };
}

/** A clock of the clinic on a day, as an instant. */
async function at({ api }: Clinic, day: string, clock: string): Promise<string> {
  const [row] = await api.sql(
    "select to_char(($1 || ' ' || $2)::timestamp at time zone 'Europe/Bucharest' at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as at",
    [day, clock],
  );
  return row.at;
}

/** As if the time that the clinic keeps a hold had passed. */
async function expireHolds({ api }: Clinic): Promise<void> {
  await api.sql(
    "update app_private.time_claims set expires_at = now() - interval '1 second' where kind = 'hold'",
  );
}
