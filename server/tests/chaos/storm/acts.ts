import { randomInt, randomUUID } from "node:crypto";
import type { Books } from "./books.ts";
import type { Clinic } from "./clinic.ts";
import type { Answer, Caller, Line, Row } from "./line.ts";

const pick = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T;
const oneOf = <T>(list: Iterable<T>): T | undefined => [...list].at(-1 - randomInt(20));
const chance = (percent: number) => randomInt(100) < percent;

/** Everything that takes, moves or frees a time, as patients, visitors and front desk do it: one client of many. */
export class Person {
  readonly tally = new Map<string, number>();
  attempts = 0;
  readonly #line: Line;
  readonly #clinic: Clinic;
  readonly #books: Books;
  readonly #days: number;

  constructor(line: Line, clinic: Clinic, books: Books, days: number) {
    this.#line = line;
    this.#clinic = clinic;
    this.#books = books;
    this.#days = days;
  }

  /** One life of a hold, or one act on what somebody has booked. */
  async act(): Promise<void> {
    const n = randomInt(100);
    if (n < 40) await this.#holdALife();
    else if (n < 54) await this.#bookDirectly();
    else if (n < 64) await this.#reschedule();
    else if (n < 74) await this.#cancel();
    else if (n < 81) await this.#reinstate();
    else if (n < 91) await this.#answerRequest();
    else if (n < 94) await this.#bookSeries();
    else if (n < 96) await this.#cancelSeries();
    else if (n < 98) await this.#block();
    else await this.#withdraw();
  }

  get #desk(): Caller {
    return { principalId: this.#clinic.frontDeskId, organizationId: this.#clinic.id };
  }

  #visitor(): Caller {
    return {
      visitorId: randomUUID(),
      address: `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`,
    };
  }

  /** One of a few days that all want. Visitors name the specialist where they pick, front desk when it likes. */
  #time(isDesk: boolean, calendar = pick(this.#clinic.calendars)) {
    const midnight = new Date().setUTCHours(0, 0, 0, 0);
    const minutes =
      (3 + randomInt(this.#days)) * 1440 + randomInt(Math.floor(1440 / calendar.minutes)) * calendar.minutes;
    const specialistId = calendar.isPicked || (isDesk && chance(30)) ? pick(calendar.specialistIds) : null;
    return {
      calendarId: calendar.id,
      startsAt: new Date(midnight + minutes * 60_000).toISOString(),
      specialistId,
    };
  }

  /** Asked until there is an answer: whoever has an idempotency key learns of what was done on a line that was cut. */
  async #ask(verb: string, caller: Caller, text: string, values: unknown[]): Promise<Row[] | undefined> {
    const key = randomUUID();
    for (;;) {
      const answer = await this.#askOnce(verb, caller, text, values, key);
      if (answer !== "lost") return "rows" in answer ? answer.rows : undefined;
    }
  }

  async #askOnce(verb: string, caller: Caller, text: string, values: unknown[], key = ""): Promise<Answer> {
    this.attempts += 1;
    const answer = await this.#line.ask(caller, text, values, key);
    const said = answer === "lost" ? "lost" : "rows" in answer ? "done" : `${answer.code} ${answer.reason}`;
    this.tally.set(`${verb}: ${said}`, (this.tally.get(`${verb}: ${said}`) ?? 0) + 1);
    return answer;
  }

  async #holdALife(): Promise<void> {
    const patient = chance(40) ? pick(this.#clinic.patients) : undefined;
    // As a visitor also who signs in to book: a patient who held one time twice would have one hold.
    const who = this.#visitor();
    const { calendarId, startsAt, specialistId } = this.#time(false);
    const held = await this.#ask("hold", who, "select * from app_public.hold_slot($1, $2, $3)", [
      calendarId,
      startsAt,
      specialistId,
    ]);
    let token = held?.[0]?.token;
    if (!token) return;
    this.#books.holds.set(token, "kept");
    if (chance(30)) {
      const to = this.#time(
        false,
        this.#clinic.calendars.find(({ id }) => id === calendarId),
      );
      const text = "select * from app_public.move_hold($1, $2, $3)";
      const moved = await this.#ask("move hold", who, text, [token, to.startsAt, to.specialistId]);
      if (moved?.[0]?.token) {
        this.#books.holds.delete(token);
        token = moved[0].token;
        this.#books.holds.set(token, "kept");
      }
    }
    if (chance(20)) await this.#askOnce("extend", who, "select * from app_public.extend_hold($1)", [token]);
    if (chance(25)) await this.#release(who, token);
    else if (chance(95)) await this.#bookHeld(who, token, patient);
  }

  async #release(who: Caller, token: string): Promise<void> {
    const answer = await this.#askOnce("release", who, "select app_public.release_hold($1)", [token]);
    this.#books.holds.delete(token);
    if (answer !== "lost" && "rows" in answer) this.#books.holds.set(token, "released");
  }

  async #bookHeld(who: Caller, token: string, patient?: Clinic["patients"][number]): Promise<void> {
    if (patient) {
      const signedIn = { ...who, principalId: patient.principalId, organizationId: this.#clinic.id };
      const text = "select id from app_public.book_appointment($1, $2)";
      const booked = await this.#ask("book", signedIn, text, [token, patient.profileId]);
      if (booked) this.#books.move(booked[0]?.id as string, "booked");
      return;
    }
    const email = `${randomUUID()}@people.test`;
    const text = `select booking_request_id as id, token
      from app_public.request_booking($1, 'Maria', 'Ionescu', $2, $3)`;
    const asked = await this.#ask("request", who, text, [token, email, `+407${randomInt(1e7, 1e8)}`]);
    if (asked?.[0]) this.#books.requested(asked[0].id as string, asked[0].token as string);
  }

  async #answerRequest(): Promise<void> {
    const id = oneOf(this.#books.open);
    if (!id) return;
    if (chance(25)) {
      const text = "select status from app_public.reject_booking_request($1)";
      return this.#note(id, "rejected", await this.#askOnce("reject", this.#desk, text, [id]));
    }
    const text = "select id from app_public.confirm_booking_request($1, as_new_patient => true)";
    const booked = await this.#ask("confirm", this.#desk, text, [id]);
    if (!booked) return;
    this.#books.answered(id, "confirmed");
    this.#books.move(booked[0]?.id as string, "booked");
  }

  async #withdraw(): Promise<void> {
    const id = oneOf(this.#books.open);
    const token = id && this.#books.requests.get(id)?.token;
    if (!token) return;
    const text = "select status from app_public.withdraw_booking_request($1)";
    this.#note(id, "withdrawn", await this.#askOnce("withdraw", {}, text, [token]));
  }

  #note(id: string, what: "rejected" | "withdrawn", answer: Answer): void {
    if (answer === "lost") this.#books.leaveOpen(id, what);
    else if ("rows" in answer) this.#books.answered(id, what);
  }

  async #bookDirectly(): Promise<void> {
    const { calendarId, startsAt, specialistId } = this.#time(true);
    const text = "select id from app_public.book_directly($1, $2, $3, $4, use_plan => $5)";
    const values = [
      calendarId,
      startsAt,
      pick(this.#clinic.patients).profileId,
      specialistId,
      pick([null, true, false]),
    ];
    const booked = await this.#ask("book directly", this.#desk, text, values);
    if (booked) this.#books.move(booked[0]?.id as string, "booked");
  }

  async #bookSeries(): Promise<void> {
    const { calendarId, startsAt, specialistId } = this.#time(true);
    const sessions = 2 + randomInt(3);
    const text = "select id, series_id from app_public.book_series($1, $2, $3, $4, specialist_id => $5)";
    const values = [calendarId, startsAt, pick(this.#clinic.patients).profileId, sessions, specialistId];
    const booked = await this.#ask("series", this.#desk, text, values);
    if (booked && booked.length !== sessions) throw new Error(`${booked.length} of a series of ${sessions}`);
    for (const { id } of booked ?? []) this.#books.move(id as string, "booked");
    if (booked)
      this.#books.series.set(
        booked[0]?.series_id as string,
        booked.map(({ id }) => id as string),
      );
  }

  /** Of late more often, so that many want the same one. */
  #appointment(): string | undefined {
    const { ids } = this.#books;
    return chance(50) ? ids.at(-1 - randomInt(20)) : ids[randomInt(Math.max(1, ids.length))];
  }

  async #reschedule(): Promise<void> {
    const id = this.#appointment();
    if (!id) return;
    const { calendarId, startsAt, specialistId } = this.#time(true);
    const text = "select id from app_public.reschedule_appointment($1, $2, $3, $4)";
    const moved = await this.#ask("reschedule", this.#desk, text, [id, startsAt, calendarId, specialistId]);
    if (moved) this.#books.move(id, "rescheduled");
  }

  async #cancel(): Promise<void> {
    const id = this.#appointment();
    if (!id) return;
    const text = "select id from app_public.cancel_appointment($1, for_patient => $2)";
    const answer = await this.#askOnce("cancel", this.#desk, text, [id, chance(50)]);
    if (answer === "lost") this.#books.leaveOpen(id, "cancelled");
    else if ("rows" in answer) this.#books.move(id, "cancelled");
  }

  async #cancelSeries(): Promise<void> {
    const id = this.#appointment();
    if (!id) return;
    const text = "select id from app_public.cancel_series($1)";
    const answer = await this.#askOnce("cancel series", this.#desk, text, [id]);
    const series = [...this.#books.series.values()].find((ids) => ids.includes(id)) ?? [];
    if (answer === "lost") for (const each of series) this.#books.leaveOpen(each, "cancelled");
    else if ("rows" in answer) for (const off of answer.rows) this.#books.move(off.id as string, "cancelled");
  }

  async #reinstate(): Promise<void> {
    const id = this.#appointment();
    if (!id) return;
    const text = "select id from app_public.reinstate_appointment($1)";
    if (await this.#ask("reinstate", this.#desk, text, [id])) this.#books.move(id, "reinstated");
  }

  async #block(): Promise<void> {
    const { id } = pick(this.#clinic.patients);
    const blocked = await this.#ask(
      "block",
      this.#desk,
      "select id from app_public.block_booking($1, 'Did not come')",
      [id],
    );
    const text = "select id from app_public.lift_booking_block($1, 'Called')";
    if (blocked) await this.#ask("lift", this.#desk, text, [blocked[0]?.id]);
  }
}
