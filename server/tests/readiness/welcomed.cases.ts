import { beforeAll, expect, it } from "vitest";
import { doorsWith, type World } from "../signing/world.ts";
import type { Json } from "../support.ts";
import { deskOf } from "./desk.ts";

/** Who becomes a patient of a clinic that welcomes its patients, as every clinic does from its beginning, and is booked at once. */
export function welcomedCases(world: () => World): void {
  let calendar: string;
  beforeAll(async () => {
    const { api, ids } = world();
    await api.sql("select app_private.give_onboarding_automation($1, true)", [ids.atlas]);
    await api.sql("select tests.calendar('welcome', '{stefan}', clinic => 'atlas')");
    calendar = await deskOf(world()).calendar("welcome");
  });

  /** What the worker does as it hears of a new patient: before the front desk has said the next thing. */
  async function welcome(patientId: string): Promise<Json> {
    await world().api.sql("select tests.automations_follow()");
    const { patient } = await deskOf(world()).ask(
      "alina",
      "query ($id: UUID!) { patient(id: $id) { requirements(first: 5) { nodes { purposeCode isBlocking fulfilledAt } } } }",
      { id: patientId },
    );
    return patient.requirements.nodes;
  }
  const terms = [{ purposeCode: "org_terms", isBlocking: false, fulfilledAt: null }];

  const asVisitor = async (path: string, body?: Json): Promise<Json> => {
    const answer = await world().api.fetch(`/v1/public/${path}`, {
      headers: { "content-type": "application/json", "x-visitor-id": "visitor-welcome" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body;
  };
  async function freeTime(): Promise<string> {
    const from = new Date(Date.now() + 24 * 3_600_000);
    const to = new Date(from.getTime() + 3 * 24 * 3_600_000);
    const query = new URLSearchParams({ calendar, from: from.toISOString(), to: to.toISOString() });
    return (await asVisitor(`availability?${query}`)).slots[0].startsAt;
  }

  it("AUT-05: a guest who asked before is confirmed, though the clinic asks new patients for its terms", async () => {
    const desk = deskOf(world());
    const { token: holdToken } = await asVisitor("holds", { calendar, startsAt: await freeTime() });
    const { bookingRequestId } = await asVisitor("bookings", {
      holdToken,
      givenName: "Wanda",
      familyName: "Bratu",
      email: "wanda@people.test",
      phone: "+40722000555",
    });
    const { bookingRequest } = await desk.change(
      "alina",
      "takeInGuest",
      "bookingRequest { patient { id } }",
      { bookingRequestId },
    );
    expect(await welcome(bookingRequest.patient.id)).toEqual(terms);
    const { missingOfBookingRequest } = await desk.ask(
      "alina",
      "query ($id: UUID!) { missingOfBookingRequest(bookingRequestId: $id) { kind purpose } }",
      { id: bookingRequestId },
    );
    expect(missingOfBookingRequest).toEqual([]);
    const confirmed = await desk.change("alina", "confirmBookingRequest", "appointment { status }", {
      bookingRequestId,
    });
    expect(confirmed).toEqual({ appointment: { status: "BOOKED" } });
  });

  it("AUT-05: whom the front desk registers it books at once", async () => {
    const desk = deskOf(world());
    const { patient } = await desk.change("alina", "createPatient", "patient { id patientProfileId }", {
      organizationId: world().ids.atlas,
      givenName: "Xenia",
      familyName: "Sava",
      phone: "+40722000556",
    });
    expect(await welcome(patient.id)).toEqual(terms);
    const booked = await desk.change("alina", "bookDirectly", "appointment { status }", {
      calendarId: calendar,
      startsAt: await freeTime(),
      patientProfileId: patient.patientProfileId,
    });
    expect(booked).toEqual({ appointment: { status: "BOOKED" } });
  });

  it("AUT-02: a form that an automation requires keeps them from it, until they sign it by the link of the mail", async () => {
    const desk = deskOf(world());
    const [{ id: templateId }] = await world().api.sql(
      "select id from app_public.form_templates where key = 'remote_link_typed'",
    );
    const made = await desk.change("adrian", "createAutomation", "automationRule { id isEnabled }", {
      organizationId: world().ids.atlas,
      name: "Formular înainte de prima vizită",
      eventName: "patient.onboarded",
      actions: [{ action: "require_form", config: { templateId } }],
    });
    expect(made.automationRule).toMatchObject({ isEnabled: true });
    const { patient } = await desk.change("alina", "createPatient", "patient { id patientProfileId }", {
      organizationId: world().ids.atlas,
      givenName: "Yvonne",
      familyName: "Tudor",
      email: "yvonne@people.test",
      birthDate: "1980-05-17",
    });
    await welcome(patient.id);
    const book = async () =>
      desk.change("alina", "bookDirectly", "appointment { status }", {
        calendarId: calendar,
        startsAt: await freeTime(),
        patientProfileId: patient.patientProfileId,
      });
    const { refused } = await book();
    expect(refused).toMatchObject({
      code: "NOT_READY",
      details: { missing: [{ kind: "form", templateId }] },
    });

    const at = doorsWith(world().api, await world().mailed(refused.details.missing[0].formId));
    expect((await at.open()).body).toMatchObject({ kind: "link", identify: { by: "birth_date" } });
    const session = await at.session();
    const { body: shown } = await at.form(session);
    const signed = await at.sign(
      {
        answers: { pain: 4 },
        textHash: shown.textHash,
        locale: shown.locale,
        agreed: true,
        typedName: "Yvonne Tudor",
      },
      session,
    );
    expect(signed.status, signed.text).toBe(200);
    expect(await book()).toEqual({ appointment: { status: "BOOKED" } });
    expect(await welcome(patient.id)).toContainEqual({
      purposeCode: null,
      isBlocking: true,
      fulfilledAt: expect.any(String),
    });
  });
}
