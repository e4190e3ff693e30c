import { randomInt } from "node:crypto";
import { DatabaseError, type Pool } from "pg";
import type { Secrets } from "../../secrets/index.ts";
import { createLinkKeys, type LinkKeys } from "../../secrets/links/link_key.ts";
import { issueToken } from "../../secrets/links/token.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

export type LinkInput = {
  formId: string;
  caregiverId?: string | null | undefined;
  identifyBy?: "birth_date" | "code" | null | undefined;
};
export type KioskInput = {
  formId: string;
  caregiverId?: string | null | undefined;
  device?: string | null | undefined;
};

/** What the schema and the doors do with links and kiosks beyond SQL: tokens are made and read here. */
export type Signing = {
  keys(): Promise<LinkKeys>;
  /** Sends a link. `code` is shown this once, to whoever tells it to the person; null where a birth date is asked for. */
  sendLink(settings: Settings, input: LinkInput): Promise<{ id: string; code: string | null }>;
  /** Opens a kiosk. Its token is shown this once, to the tablet. */
  startKiosk(settings: Settings, input: KioskInput): Promise<{ id: string; token: string }>;
};

/** What SQL keeps of an answer for whoever repeats the request (FND-26): what was shown once is sealed. */
type Answered = { id: string; sealed: string };
type ToSend = {
  link_id: string;
  organization_id: string;
  patient_id: string;
  asks_for: string | null;
  /** Of a request that was answered before; everything else is null then. */
  answered: Answered | null;
};

/** Where the token of a link lies sealed until its messages have left. */
function sealedTokenPlace(linkId: string) {
  return { table: "app_public.signature_links", column: "sealed_token", row: linkId };
}

export function createSigning({ pool, secrets }: { pool: Pool; secrets: Secrets }): Signing {
  const keys = createLinkKeys(pool, secrets);

  /** Asks first, so that nobody makes us sign and seal who may not send. */
  async function toSend(
    settings: Settings,
    mode: string,
    { formId, caregiverId, identifyBy }: LinkInput,
    request: string,
  ): Promise<ToSend> {
    const { rows } = await asCaller(pool, settings, (client) =>
      client.query<ToSend>("select * from app_hidden.link_to_send($1, $2, $3, $4, $5)", [
        formId,
        mode,
        caregiverId ?? null,
        identifyBy ?? null,
        request,
      ]),
    );
    return rows[0] as ToSend;
  }

  /** The first answer, where somebody was faster with the same request. */
  async function answer<Shown>({ id, sealed }: Answered): Promise<Shown & { id: string }> {
    return { ...JSON.parse((await keys()).openAnswer(sealed)), id };
  }

  return {
    keys,

    async sendLink(settings, input) {
      const request = JSON.stringify(input);
      const asked = await toSend(settings, "remote_link", input, request);
      if (asked.answered) return answer<{ code: string | null }>(asked.answered);
      const { link_id: id, organization_id, patient_id, asks_for: identify_by } = asked;
      const linkKeys = await keys();
      const { token, hash } = await issueToken(linkKeys, "link", {
        linkId: id,
        formId: input.formId,
        patientId: patient_id,
      });
      const code = identify_by === "code" ? String(randomInt(1_000_000)).padStart(6, "0") : null;
      const write = async () => {
        const sealed = await secrets.seal(
          organization_id,
          sealedTokenPlace(id),
          Buffer.from(token, "latin1"),
        );
        const { rows } = await asCaller(pool, settings, (client) =>
          client.query<{ answered: Answered }>(
            "select app_hidden.send_signature_link($1, $2, $3, $4, $5, $6, $7, $8, $9) as answered",
            [
              id,
              input.formId,
              hash,
              sealed,
              code && linkKeys.codeDigest(id, code),
              identify_by,
              input.caregiverId ?? null,
              request,
              linkKeys.sealAnswer(JSON.stringify({ code })),
            ],
          ),
        );
        return answer<{ code: string | null }>((rows[0] as { answered: Answered }).answered);
      };
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof DatabaseError && error.message === "data_key_not_in_use")) throw error;
        // A rotation retired the key we sealed with; the next one is there already.
        secrets.refresh(organization_id);
        return write();
      }
    },

    async startKiosk(settings, input) {
      const request = JSON.stringify(input);
      const asked = await toSend(settings, "drawn_kiosk", input, request);
      if (asked.answered) return answer<{ token: string }>(asked.answered);
      const { link_id: id, patient_id } = asked;
      const linkKeys = await keys();
      const { token, hash } = await issueToken(linkKeys, "kiosk", {
        linkId: id,
        formId: input.formId,
        patientId: patient_id,
      });
      const { rows } = await asCaller(pool, settings, (client) =>
        client.query<{ answered: Answered }>(
          "select app_hidden.open_kiosk($1, $2, $3, $4, $5, $6, $7) as answered",
          [
            id,
            input.formId,
            hash,
            input.device ?? null,
            input.caregiverId ?? null,
            request,
            linkKeys.sealAnswer(JSON.stringify({ token })),
          ],
        ),
      );
      return answer<{ token: string }>((rows[0] as { answered: Answered }).answered);
    },
  };
}
