import { SignJWT } from "jose";
import type { Pool } from "pg";
import { CredentialsRefused } from "../../providers/failures.ts";
import { type ObjectStores, StorageUnavailable } from "../../providers/storage/port.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

export type ExerciseSessionParts = { pool: Pool; objects: ObjectStores; url: string; secret: Uint8Array };

/** How long a link to a recorded movement lasts: one look. */
const REPLAY_SECONDS = 300;

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

/** Where a recorded movement is for a few minutes. */
export type Replay = { url: string; expiresAt: string };

/** What the API does with exercise sessions beyond SQL: it signs tokens for telemetry, and links to replays. */
export type ExerciseSessions = {
  /** EXE-05, TEL-01. */
  start(settings: Settings, session: StartedSession): Promise<Recording>;
  /** TEL-07: who asked is on record before the link is made. */
  replay(settings: Settings, exerciseSessionId: string): Promise<Replay>;
};

type Started = {
  id: string;
  organization_id: string;
  patient_profile_id: string;
  scopes: string[];
  expires_at: Date;
};

export function createExerciseSessions({
  pool,
  objects,
  url,
  secret,
}: ExerciseSessionParts): ExerciseSessions {
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

    async replay(settings, exerciseSessionId) {
      const { rows } = await asCaller(pool, settings, (client) =>
        client.query<{ organization_id: string; object_key: string }>(
          "select * from app_hidden.open_replay($1)",
          [exerciseSessionId],
        ),
      );
      const { organization_id, object_key } = rows[0] as (typeof rows)[0];
      try {
        const store = await objects.for(organization_id);
        const { url: signed, expiresAt } = await store.presignDownload(object_key, {
          filename: `${exerciseSessionId}.replay`,
          contentType: "application/vnd.restartix.pose-replay",
          expiresInSeconds: REPLAY_SECONDS,
        });
        return { url: signed, expiresAt: expiresAt.toISOString() };
      } catch (error) {
        const isStores = error instanceof StorageUnavailable || error instanceof CredentialsRefused;
        throw isStores ? new Refusal("UNAVAILABLE", "storage_unavailable") : error;
      }
    },
  };
}
