import { expect, it } from "vitest";
import type { World } from "../signing/world.ts";
import { deskOf } from "./desk.ts";

export function gateCases(world: () => World): void {
  it("is told everything that is missing at once, in the patient's language, and leaves nothing", async () => {
    const desk = deskOf(world());
    const calendar = await desk.calendar("guests");
    await world().api.sql(`select tests.consent_version('treatment_specific_laser', clinic => 'atlas'),
      tests.form_template('laser', jsonb_build_array(tests.form_item('read', 'boolean')), signature_mode => 'click_typed', clinic => 'atlas')`);
    await world().api.sql(`select tests.declares('laser', 'treatment_specific_laser', 'atlas');
      insert into app_public.service_forms (organization_id, service_id, template_id)
      select tests.id('atlas'), tests.id('service of guests'), tests.id('laser')`);
    const hold = await desk.hold(calendar);
    const before = await desk.left();
    const { body } = await world().api.graphql(
      "mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { appointment { id } } }",
      {
        token: world().token("ioana"),
        variables: { input: { holdToken: hold, patientProfileId: world().ids.ioana } },
      },
    );
    expect(body.data).toBeNull();
    expect(body.errors[0].message).toMatch(
      /^Mai este nevoie de ce scrie în lista alăturată: acorduri, formulare/,
    );
    expect(body.errors[0].extensions.details.missing).toMatchObject([
      { kind: "consent", purpose: "telemedicine", templateId: expect.any(String) },
      { kind: "consent", purpose: "treatment_specific_laser", version: 1, templateId: expect.any(String) },
    ]);
    expect(await desk.left()).toEqual(before);
  });

  it("a patient who may not book by themselves is told why, and front desk books with a reason", async () => {
    const desk = deskOf(world());
    const calendar = await desk.calendar("guests");
    const patientId = await desk.patientId();
    await world().api.sql(
      `select tests.consent('ioana', p, clinic => 'atlas') from unnest('{telemedicine,treatment_specific_laser}'::text[]) p`,
    );
    const { bookingBlock } = await desk.change("alina", "blockBooking", "bookingBlock { id }", {
      patientId,
      reason: "Trei absențe",
    });
    const hold = await desk.hold(calendar);
    const { refused } = await desk.book(hold);
    expect(refused).toMatchObject({
      code: "NOT_READY",
      reason: "booking_blocked",
      details: { missing: [{ kind: "blocked", message: "Trei absențe", resolvedBy: "clinic" }] },
    });
    const contested = await desk.change(
      "ioana",
      "contestBookingBlock",
      "bookingBlock { objection decision }",
      { bookingBlockId: bookingBlock.id, objection: "Am fost la spital" },
    );
    expect(contested.bookingBlock).toEqual({ objection: "Am fost la spital", decision: null });
    const byStaff = await desk.change("alina", "bookAppointment", "appointment { status }", {
      holdToken: hold,
      patientProfileId: world().ids.ioana,
      overrideReason: "A sunat și vine cu sora ei",
    });
    expect(byStaff.appointment.status).toBe("BOOKED");
    await desk.change("adrian", "liftBookingBlock", "bookingBlock { decision }", {
      bookingBlockId: bookingBlock.id,
      reason: "A adus dovada",
    });
    expect((await desk.book(await desk.hold(calendar))).appointment.status).toBe("BOOKED");
  });

  it("a guest is taken in, signs, and is confirmed (APT-09); the agenda tells what is missing", async () => {
    const desk = deskOf(world());
    const calendar = await desk.calendar("guests");
    const { bookingReceipt } = await desk.change(
      "ioana",
      "requestBooking",
      "bookingReceipt { bookingRequestId startsAt }",
      {
        holdToken: await desk.hold(calendar),
        givenName: "Gabriela",
        familyName: "Munteanu",
        email: "gabriela@people.test",
        phone: "+40722000333",
      },
    );
    const request = { bookingRequestId: bookingReceipt.bookingRequestId };
    const before = await desk.left();
    const { refused } = await desk.change("alina", "confirmBookingRequest", "appointment { id }", request);
    expect(refused.details.missing).toHaveLength(2);
    expect(await desk.left()).toEqual(before);

    const taken = await desk.change(
      "alina",
      "takeInGuest",
      "bookingRequest { status patient { id patientProfileId } }",
      request,
    );
    expect(taken.bookingRequest.status).toBe("REQUESTED");
    const { missingOfBookingRequest } = await desk.ask(
      "alina",
      "query ($id: UUID!) { missingOfBookingRequest(bookingRequestId: $id) { kind purpose formId purposeVersionId } }",
      { id: request.bookingRequestId },
    );
    // Whoever consents to a treatment is of age, so the desk asks for the birthday.
    await desk.change("alina", "updatePatientProfile", "patientProfile { birthDate }", {
      id: taken.bookingRequest.patient.patientProfileId,
      patch: { birthDate: "1980-05-05" },
    });
    const consents = missingOfBookingRequest.filter(({ kind }: { kind: string }) => kind === "CONSENT");
    expect(consents).toHaveLength(2);
    for (const { formId, purposeVersionId } of consents) {
      expect(formId).toEqual(expect.any(String));
      await desk.change("alina", "recordConsent", "consent { id }", {
        organizationId: world().ids.atlas,
        patientId: taken.bookingRequest.patient.id,
        purposeVersionId,
        decision: "GRANTED",
        evidence: "Semnat pe hârtie, la recepție",
      });
    }
    const { appointment } = await desk.change(
      "alina",
      "confirmBookingRequest",
      "appointment { id status patientProfileId }",
      request,
    );
    expect(appointment).toMatchObject({
      status: "BOOKED",
      patientProfileId: taken.bookingRequest.patient.patientProfileId,
    });

    const day = await desk.ask(
      "alina",
      `query ($clinic: UUID!, $day: Date!) { agenda(organizationId: $clinic, fromDay: $day, days: 31) {
         nodes { days { appointments { appointmentId missing { kind templateId formId } } } } } }`,
      { clinic: world().ids.atlas, day: bookingReceipt.startsAt.slice(0, 10) },
    );
    expect(day.refused).toBeUndefined();
    const listed = day.agenda.nodes
      .flatMap(({ days }: { days: { appointments: object[] }[] }) => days)
      .flatMap(({ appointments }: { appointments: object[] }) => appointments)
      .find(({ appointmentId }: { appointmentId: string }) => appointmentId === appointment.id);
    expect(listed.missing).toEqual([
      { kind: "FORM", templateId: expect.any(String), formId: expect.any(String) },
    ]);
  });
}
