import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { settingsOf } from "../identity/session.ts";
import { camelKeys } from "./camel_keys.ts";
import { underPermit } from "./held_permit.ts";
import { parseInput } from "./read_input.ts";
import { asCaller } from "./transaction.ts";

const instant = z.iso.datetime({ offset: true });

/** `GET /v1/organizations/{id}/patients/{patient_id}/consents` (FND-31). */
const patientPath = z.strictObject({
  id: z.uuid().meta({ description: "The clinic's id." }),
  patient_id: z.uuid().meta({ description: "The patient's id at the clinic." }),
});

const state = z.object({
  organizationId: z.uuid().nullable().meta({ description: "The clinic; null for the platform." }),
  patientProfileId: z
    .uuid()
    .nullable()
    .meta({ description: "The person it is about; null for the account." }),
  purposeCode: z.string(),
  name: z.string(),
  nameRo: z.string(),
  neededFor: z.string().meta({ description: "What depends on it." }),
  neededForRo: z.string(),
  scope: z.enum(["platform", "organization"]),
  legalBasis: z.string(),
  isWithdrawable: z.boolean(),
  isMedical: z.boolean(),
  onWithdrawal: z.enum(["nothing", "removal", "erasure"]),
  state: z.enum(["never_given", "granted", "older_version", "withdrawn", "refused"]),
  isRequired: z.boolean(),
  mustAccept: z
    .boolean()
    .meta({ description: "Whether the person is asked to accept it, or to accept it again." }),
  purposeVersionId: z.uuid().nullable().meta({ description: "The words that are asked for now." }),
  consentId: z.uuid().nullable(),
});

const entry = z.object({
  id: z.uuid(),
  organizationId: z.uuid().nullable(),
  clinicName: z.string().nullable(),
  patientProfileId: z.uuid().nullable(),
  purposeCode: z.string(),
  purposeVersionId: z.uuid(),
  version: z.int(),
  titleRo: z.string(),
  titleEn: z.string().nullable(),
  legalBasis: z.string(),
  decision: z.enum(["granted", "refused"]),
  source: z.enum(["self", "staff", "form"]),
  sourceFormId: z.uuid().nullable().meta({ description: "The signed form, where one gave it." }),
  decidedAt: instant,
  decidedByName: z.string().nullable(),
  relationship: z
    .string()
    .nullable()
    .meta({ description: "What who answered on behalf of the patient was to them." }),
  evidence: z.string().nullable(),
  emergencyReason: z.string().nullable(),
  holdsUntil: instant.nullable(),
  withdrawnAt: instant.nullable(),
  withdrawnByName: z.string().nullable(),
});

export const consentsAnswer = z.object({
  consents: z.array(state).meta({ description: "Every purpose, with where the person stands." }),
  trail: z.array(entry).meta({ description: "Every answer that was given, newest first." }),
});

/**
 * The trail of consents for the person (`me`), and of a patient for staff of the clinic (FND-31, CNS-09). `entering` says
 * who asks and lets them into the database.
 */
export function consentTrails(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();

  async function answer(request: Request, response: Response, sql: string, values: unknown[]): Promise<void> {
    const { rows } = await underPermit(request, () =>
      asCaller(pool, settingsOf(request), (client) => client.query<{ answer: unknown }>(sql, values)),
    );
    response.json(camelKeys(rows[0]?.answer));
  }

  /** What logs call the path, without ids. */
  const known =
    (path: string): RequestHandler =>
    (_request, response, next) => {
      response.locals.path = path;
      next();
    };

  router.get("/me/consents", known("/v1/me/consents"), entering, (request: Request, response: Response) =>
    answer(request, response, "select app_hidden.my_consent_trail() as answer", []),
  );

  router.get(
    "/organizations/:id/patients/:patient_id/consents",
    known("/v1/organizations/{id}/patients/{patient_id}/consents"),
    entering,
    (request: Request, response: Response) => {
      const { id, patient_id } = parseInput(patientPath, request.params);
      const sql = "select app_hidden.patient_consent_trail($1, $2) as answer";
      return answer(request, response, sql, [id, patient_id]);
    },
  );

  return router;
}
