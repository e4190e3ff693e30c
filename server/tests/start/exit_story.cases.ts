import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Json } from "../support.ts";
import { type Place, tokenFor, until } from "./support.ts";

type Doors = {
  place: Place;
  /** Asks the API; `as` a persona, or with a token. */
  graphql(query: string, how?: { as?: string; token?: string; variables?: object }): Promise<Json>;
};

const EMAIL = "sorina.dragan@example.com";
const MINUTES = 15;

/** A guest's way to a visit that is over, through HTTP, GraphQL and the mailbox alone (F5). */
export function exitStoryCases(doors: () => Doors): void {
  test("F5, APT-05, APT-09: guest, front desk, account, forms and consents, video, done; another clinic sees nothing", async () => {
    const { place } = doors();
    const page = `http://localhost:${place.ports.page}/api/messages`;

    /** A mutation of one input; what it answers. */
    async function change(who: string, verb: string, answer: string, input: object): Promise<Json> {
      const name = `${verb[0]?.toUpperCase()}${verb.slice(1)}`;
      const query = `mutation ($input: ${name}Input!) { ${verb}(input: $input) { ${answer} } }`;
      const { data, errors } = await by(who, query, { input });
      expect(errors, verb).toBeUndefined();
      return data[verb];
    }
    const by = (who: string, query: string, variables: object = {}): Promise<Json> =>
      doors().graphql(query, who.startsWith("ey") ? { token: who, variables } : { as: who, variables });
    async function over(path: string, body: object): Promise<Json> {
      const response = await fetch(`http://localhost:${place.ports.api}/v1/public${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-visitor-id": "sorina" },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    }
    /** The text of the newest mail to the guest whose subject begins so. */
    const mail = (subject: string): Promise<string> =>
      until(async () => {
        const { messages } = (await (await fetch(`${page}?to=${EMAIL}`)).json()) as Json;
        const found = messages.find((one: Json) => one.subject.startsWith(subject));
        return found && ((await (await fetch(`${page}/${found.id}`)).json()) as Json).text;
      }, 30_000);
    const linkIn = (text: string) => /\/booking#([0-9a-f]{32})/.exec(text)?.[1] as string;

    // The clinic offers video visits by somebody who is always there.
    const clinic = (await by("clinic-admin", `{ clinicBySlug(slug: "atlas-recuperare") { id } me { id } }`))
      .data;
    const organizationId = clinic.clinicBySlug.id;
    const { specialist } = await change("clinic-admin", "createSpecialist", "specialist { id }", {
      specialist: {
        organizationId,
        humanId: clinic.me.id,
        title: "Dr.",
        givenName: "Raluca",
        familyName: "Câmpean",
      },
    });
    const { service } = await change("clinic-admin", "createService", "service { id }", {
      service: {
        organizationId,
        name: "Video",
        durationMinutes: MINUTES,
        priceAmount: "10000",
        currency: "RON",
      },
    });
    const { calendar } = await change("clinic-admin", "createCalendar", "calendar { id }", {
      calendar: {
        serviceId: service.id,
        name: "Video acum",
        modality: "VIDEO",
        stepMinutes: MINUTES,
        noticeMinutes: 0,
        isPublic: true,
      },
    });
    await change("clinic-admin", "createServiceSpecialist", "serviceSpecialist { serviceId }", {
      serviceSpecialist: { serviceId: service.id, specialistId: specialist.id },
    });
    await change("clinic-admin", "createCalendarSpecialist", "calendarSpecialist { calendarId }", {
      calendarSpecialist: { calendarId: calendar.id, specialistId: specialist.id },
    });
    await change("clinic-admin", "setWeeklyHours", "specialist { id }", {
      specialistId: specialist.id,
      hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, starts: "00:00:00", ends: "24:00:00" })),
    });

    // A guest finds the time, holds it and asks for it, and reads the own request by its link. It is more than a day
    // away: what begins within a day becomes upcoming by itself, whenever the worker looks.
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const window = `calendar=${calendar.id}&from=${inHours(26)}&to=${inHours(28)}`;
    const free = await fetch(`http://localhost:${place.ports.api}/v1/public/availability?${window}`);
    const { slots } = (await free.json()) as Json;
    const { startsAt } = slots[0];
    const hold = await over("/holds", { calendar: calendar.id, startsAt });
    const guest = {
      givenName: "Sorina",
      familyName: "Drăgan",
      email: EMAIL,
      phone: "0744 555 111",
      locale: "ro",
    };
    const booked = await over("/bookings", { holdToken: hold.body.token, ...guest });
    expect(booked.status).toBe(201);
    const asked = await over("/bookings/read", { token: linkIn(await mail("Am primit cererea")) });
    expect(asked.body).toMatchObject({
      status: "requested",
      mayCancel: true,
      mayMove: true,
      modality: "video",
    });

    // Front desk takes her in, records what she has signed on paper, and confirms with an invitation.
    const request = booked.body.bookingRequestId;
    const taken = await change(
      "front-desk",
      "takeInGuest",
      "bookingRequest { patient { id patientProfileId } }",
      {
        bookingRequestId: request,
      },
    );
    const { id: patientId } = taken.bookingRequest.patient;
    await change("front-desk", "updatePatientProfile", "patientProfile { birthDate }", {
      id: taken.bookingRequest.patient.patientProfileId,
      patch: { birthDate: "1985-04-02" },
    });
    const { missingOfBookingRequest: missing } = (
      await by(
        "front-desk",
        `query ($id: UUID!) { missingOfBookingRequest(bookingRequestId: $id) { purpose purposeVersionId } }`,
        { id: request },
      )
    ).data;
    expect(missing.map(({ purpose }: Json) => purpose).toSorted()).toEqual([
      "privacy_notice",
      "telemedicine",
    ]);
    for (const { purposeVersionId } of missing)
      await change("front-desk", "recordConsent", "consent { id }", {
        organizationId,
        patientId,
        purposeVersionId,
        decision: "GRANTED",
        evidence: "Semnat pe hârtie",
      });
    const { appointment } = await change("front-desk", "confirmBookingRequest", "appointment { id status }", {
      bookingRequestId: request,
      invite: true,
    });
    expect(appointment.status).toBe("BOOKED");
    const confirmed = await over("/bookings/read", { token: linkIn(await mail("Programare confirmată")) });
    expect(confirmed.body).toMatchObject({
      status: "confirmed",
      appointment: { status: "booked" },
      mayCancel: true,
    });
    expect(confirmed.body.bookingRequestId).toBe(request);

    // She follows the invitation to an account, and the link that she had only reads from then on.
    expect(await mail("Clinica Atlas Recuperare: contul dumneavoastră")).toContain(EMAIL);
    const sorina = await tokenFor(place, EMAIL);
    const { myInvitations } = (await by(sorina, "{ myInvitations(first: 5) { nodes { id kind } } }")).data;
    expect(myInvitations.nodes).toMatchObject([{ kind: "PATIENT" }]);
    const { clinicTerms } = (
      await by(
        sorina,
        "query ($id: UUID!) { clinicTerms(organizationId: $id, first: 20) { nodes { id } } }",
        { id: organizationId },
      )
    ).data;
    await change(sorina, "acceptInvitation", "receivedInvitation { status }", {
      invitationId: myInvitations.nodes[0].id,
      givenName: "Sorina",
      familyName: "Drăgan",
      birthDate: "1985-04-02",
      acceptedVersionIds: clinicTerms.nodes.map(({ id }: Json) => id),
    });
    const mine = async () =>
      (await by(sorina, "{ appointments(first: 5) { nodes { id status } } }")).data.appointments.nodes;
    expect(await mine()).toEqual([{ id: appointment.id, status: "BOOKED" }]);
    const late = await over("/bookings/cancel", { token: booked.body.token });
    expect(late).toMatchObject({
      status: 409,
      body: { errors: [{ extensions: { reason: "booking_has_an_account" } }] },
    });

    // A form of the clinic is signed in her account, and consents by it.
    const { consentPurposeVersions } = (
      await by(
        "clinic-admin",
        `{ consentPurposeVersions(filter: { purposeCode: { equalTo: "video_recording" } }, first: 20) { nodes { id organizationId } } }`,
      )
    ).data;
    const { formTemplate } = await change("clinic-admin", "createFormTemplate", "formTemplate { id }", {
      formTemplate: {
        organizationId,
        key: "recording_f5",
        name: "Înregistrare",
        kind: "CONSENT",
        signatureMode: "CLICK_TYPED",
        content: {
          format: 1,
          title: { ro: "Înregistrare", en: "Recording" },
          items: [{ key: "read", type: "boolean", label: { ro: "Am citit", en: "I have read" } }],
        },
      },
    });
    await change("clinic-admin", "createFormTemplatePurpose", "formTemplatePurpose { templateId }", {
      formTemplatePurpose: {
        organizationId,
        templateId: formTemplate.id,
        purposeVersionId: consentPurposeVersions.nodes.find((one: Json) => one.organizationId === null).id,
      },
    });
    await change("clinic-admin", "publishFormTemplate", "formTemplate { version }", {
      templateId: formTemplate.id,
    });
    const { form } = await change("front-desk", "createForm", "form { id }", {
      templateId: formTemplate.id,
      patientId,
      appointmentId: appointment.id,
    });
    const { formText } = (
      await by(sorina, "query ($id: UUID!) { formText(formId: $id, locale: RO) { textHash locale } }", {
        id: form.id,
      })
    ).data;
    await change(sorina, "signForm", "formSignature { id }", {
      formId: form.id,
      ...formText,
      answers: { read: true },
      typedName: "Sorina Drăgan",
      agreed: true,
    });
    const left = `query ($id: UUID!) { missingOfAppointment(appointmentId: $id) { purpose } }`;
    expect((await by(sorina, left, { id: appointment.id })).data.missingOfAppointment).toEqual([]);
    const ledger = await fetch(`http://localhost:${place.ports.api}/v1/me/consents`, {
      headers: { authorization: `Bearer ${sorina}` },
    });
    const given = ((await ledger.json()) as Json).trail.map(({ purposeCode }: Json) => purposeCode);
    expect(given).toEqual(expect.arrayContaining(["privacy_notice", "telemedicine", "video_recording"]));

    // She is there early and is taken at once. The visit: started, joined by both, over, and reviewed.
    const ofVisit = { appointmentId: appointment.id };
    const opens = Date.now() + 3_000;
    await change("front-desk", "rescheduleAppointment", "appointment { status }", {
      ...ofVisit,
      startsAt: new Date(opens).toISOString(),
      overrideReason: "She is early, and so are we.",
    });
    await change("clinic-admin", "startAppointment", "appointment { status }", ofVisit);
    for (const who of [sorina, "clinic-admin"]) {
      const joined = await until(async () => {
        const query = "mutation ($id: UUID!) { joinVideo(input: { appointmentId: $id }) { url token } }";
        return (await by(who, query, { id: appointment.id })).data?.joinVideo;
      }, 30_000);
      expect(await (await fetch(`${joined.url}?t=${joined.token}`)).text()).toContain("may enter");
    }
    await sleep(Math.max(0, opens - Date.now() + 1_000));
    const over15 = await change("clinic-admin", "finishAppointment", "appointment { status }", ofVisit);
    expect(over15.appointment.status).toBe("DONE");
    const review = { ...ofVisit, rating: 5, comment: "Mulțumesc." };
    expect(
      (await change(sorina, "reviewAppointment", "appointmentReview { rating }", review)).appointmentReview
        .rating,
    ).toBe(5);
    expect(await mine()).toEqual([{ id: appointment.id, status: "DONE" }]);

    // Another clinic sees nothing of it, whatever it asks.
    const elsewhere = await by(
      "other-clinic-admin",
      `query ($a: UUID!, $r: UUID!, $f: UUID!, $p: UUID!) {
         appointment(id: $a) { id } bookingRequest(id: $r) { id } form(id: $f) { id } patient(id: $p) { id }
         patientProfiles(filter: { familyName: { equalTo: "Drăgan" }, givenName: { equalTo: "Sorina" } }, first: 5) { nodes { id } } }`,
      { a: appointment.id, r: request, f: form.id, p: patientId },
    );
    expect(elsewhere.data).toEqual({
      appointment: null,
      bookingRequest: null,
      form: null,
      patient: null,
      patientProfiles: { nodes: [] },
    });
  });
}
