import { SignJWT } from "jose";
import type { Pool } from "pg";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

export type ExerciseSessionParts = { pool: Pool; url: string; secret: Uint8Array };

/** Which session is started: one that is due, or one more of a plan, by the session's position in it. */
export type StartedSession = {
  patientSessionId?: string | null;
  patientTreatmentPlanId?: string | null;
  position?: number | null;
  acknowledgedContraindicationIds?: string[] | null;
};

/** What the page of a session needs to send what it records. The token is for that session alone, and kept nowhere. */
export type Recording = {
  id: string;
  token: string;
  expiresAt: string;
  telemetryUrl: string;
  scopes: string[];
};

/** What the schema does with exercise sessions beyond SQL (EXE-05, TEL-01): it signs tokens for telemetry. */
export type ExerciseSessions = { start(settings: Settings, session: StartedSession): Promise<Recording> };

type Started = {
  id: string;
  organization_id: string;
  patient_profile_id: string;
  scopes: string[];
  expires_at: Date;
};

export function createExerciseSessions({ pool, url, secret }: ExerciseSessionParts): ExerciseSessions {
  return {
    async start(settings, session) {
      const { rows } = await asCaller(pool, settings, (client) =>
        client.query<Started>("select * from app_hidden.start_exercise_session($1, $2, $3, $4)", [
          session.patientSessionId,
          session.patientTreatmentPlanId,
          session.position,
          session.acknowledgedContraindicationIds ?? [],
        ]),
      );
      const { id, organization_id, patient_profile_id, scopes, expires_at } = rows[0] as Started;
      const token = await new SignJWT({ sid: id, org: organization_id, scope: scopes })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience("telemetry")
        .setSubject(patient_profile_id)
        .setExpirationTime(Math.floor(expires_at.getTime() / 1000))
        .sign(secret);
      return { id, token, expiresAt: expires_at.toISOString(), telemetryUrl: url, scopes };
    },
  };
}
