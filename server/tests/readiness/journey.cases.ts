import { expect, it } from "vitest";
import { doorsWith, drawing, type Mode, type World } from "../signing/world.ts";
import type { Json } from "../support.ts";
import { deskOf } from "./desk.ts";

const content = {
  format: 1,
  title: { ro: "Telemedicină", en: "Telemedicine" },
  items: [{ key: "read", type: "boolean", label: { ro: "Am citit", en: "I have read" } }],
};

/** Step by step the way of one patient: what the clinic publishes, what is signed, booked, withdrawn and refused. */
export function journeyCases(world: () => World): void {
  /** Signs as the mode wants it, through its own door. */
  const sign: Record<Mode, (form: string) => Promise<void>> = {
    async click_typed(form) {
      const desk = deskOf(world());
      const { formText } = await desk.ask(
        "ioana",
        "query ($form: UUID!) { formText(formId: $form, locale: RO) { textHash locale } }",
        { form },
      );
      const signed = await desk.change("ioana", "signForm", "formSignature { id }", {
        formId: form,
        ...formText,
        answers: { read: true },
        typedName: "Ioana Popescu",
        agreed: true,
      });
      expect(signed.refused).toBeUndefined();
    },
    async drawn_kiosk(form) {
      const at = doorsWith(world().api, await world().startKiosk(form), "Kiosk");
      await signAtDoor(at);
    },
    async remote_link(form) {
      await world().send(form);
      const at = doorsWith(world().api, await world().mailed(form));
      await signAtDoor(at, await at.session());
    },
  };
  async function signAtDoor(at: ReturnType<typeof doorsWith>, session?: string): Promise<void> {
    const { body } = await at.form(session);
    const { textHash, locale } = body;
    const signed = await at.sign(
      { answers: { read: true }, textHash, locale, agreed: true, drawing: drawing() },
      session,
    );
    expect(signed.status).toBe(200);
  }

  it.each<Mode>(["click_typed", "drawn_kiosk", "remote_link"])(
    "a template is published, signed (%s), a booking passes; withdrawn, it is refused by purpose and version",
    async (mode) => {
      const desk = deskOf(world());
      const { atlas, ioana } = world().ids;
      const calendar = await desk.calendar(`${mode} screens`);
      const patientId = await desk.patientId();

      // The clinic writes what is signed, says what that consents to, publishes it, and lets the calendar ask for it.
      const versions: Json = await world().api.sql(
        "select id from app_public.consent_purpose_versions where organization_id is null and purpose_code = any ($1) order by purpose_code",
        [["telemedicine", "video_recording"]],
      );
      const { formTemplate } = await desk.change("adrian", "createFormTemplate", "formTemplate { id }", {
        formTemplate: {
          organizationId: atlas,
          key: `journey_${mode}`,
          name: "Telemedicină",
          kind: "CONSENT",
          content,
          signatureMode: mode.toUpperCase(),
        },
      });
      for (const { id } of versions) {
        await desk.change("adrian", "createFormTemplatePurpose", "formTemplatePurpose { templateId }", {
          formTemplatePurpose: {
            organizationId: atlas,
            templateId: formTemplate.id,
            purposeVersionId: id,
          },
        });
      }
      await desk.change("adrian", "publishFormTemplate", "formTemplate { version }", {
        templateId: formTemplate.id,
      });
      await desk.change("adrian", "createCalendarForm", "calendarForm { templateId }", {
        calendarForm: { organizationId: atlas, calendarId: calendar, templateId: formTemplate.id },
      });

      // The patient wants to book, and is told what is missing; nothing is left of it.
      const hold = await desk.hold(calendar);
      const before = await desk.left();
      const { refused } = await desk.book(hold);
      expect(refused).toMatchObject({
        code: "NOT_READY",
        reason: "requirements_missing",
        details: {
          missing: [{ kind: "consent", purpose: "telemedicine", version: 1, resolvedBy: "form" }],
        },
      });
      expect(await desk.left()).toEqual(before);

      // The form for it is made ahead, and signed: one row of the ledger for each purpose.
      const prepared = await desk.change(
        "ioana",
        "prepareBooking",
        "missing { kind purpose formId templateId }",
        { calendarId: calendar, patientProfileId: ioana },
      );
      const form = prepared.missing.find(({ kind }: Json) => kind === "FORM");
      expect(form.templateId).toBe(formTemplate.id);
      expect(prepared.missing).toContainEqual(
        expect.objectContaining({ kind: "CONSENT", purpose: "telemedicine", formId: form.formId }),
      );
      await sign[mode](form.formId);
      expect(
        await world().api.sql(
          "select purpose_code, decision, source from app_public.consents where source_form_id = $1 order by 1",
          [form.formId],
        ),
      ).toEqual([
        { purpose_code: "telemedicine", decision: "granted", source: "form" },
        { purpose_code: "video_recording", decision: "granted", source: "form" },
      ]);

      // Now it is booked by what was held all the while, with the form that is signed already, and confirmed.
      const { appointment } = await desk.book(hold);
      expect(appointment.status).toBe("BOOKED");
      const missing = async () =>
        (
          await desk.ask(
            "ioana",
            "query ($id: UUID!) { missingOfAppointment(appointmentId: $id) { kind purpose version reason } }",
            { id: appointment.id },
          )
        ).missingOfAppointment;
      expect(await missing()).toEqual([]);
      const confirmed = await desk.change("ioana", "confirmAppointment", "appointment { status }", {
        appointmentId: appointment.id,
      });
      expect(confirmed.appointment.status).toBe("CONFIRMED");

      // Withdrawn, the appointment stands and the next one is refused; both pages tell how it was signed.
      await desk.change("ioana", "withdrawConsent", "consents { id }", {
        purpose: "telemedicine",
        patientId,
      });
      expect(await missing()).toEqual([
        { kind: "CONSENT", purpose: "telemedicine", version: 1, reason: "WITHDRAWN" },
      ]);
      const again = await desk.book(await desk.hold(calendar));
      expect(again.refused.details.missing).toContainEqual(
        expect.objectContaining({ purpose: "telemedicine", version: 1, reason: "withdrawn" }),
      );
      const trail = async (path: string, token: string) => {
        const { body } = await world().api.fetch(path, { headers: { authorization: `Bearer ${token}` } });
        return body.trail.filter(({ sourceFormId }: Json) => sourceFormId === form.formId);
      };
      const mine = await trail("/v1/me/consents", world().token("ioana"));
      expect(mine).toHaveLength(2);
      expect(mine).toContainEqual(
        expect.objectContaining({ purposeCode: "telemedicine", withdrawnAt: expect.any(String) }),
      );
      expect(mine).toContainEqual(
        expect.objectContaining({ purposeCode: "video_recording", withdrawnAt: null }),
      );
      const proof = await world().api.fetch(`/v1/forms/${form.formId}/proof`, {
        headers: { authorization: `Bearer ${world().token("ioana")}` },
      });
      expect(JSON.parse(proof.body.proof)).toMatchObject({ signature: { mode } });
      expect(
        await trail(`/v1/organizations/${atlas}/patients/${patientId}/consents`, world().token("alina")),
      ).toEqual(mine);
    },
  );
}
