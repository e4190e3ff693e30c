import { randomInt } from "node:crypto";
import { DatabaseError, type Pool } from "pg";
import type { Secrets } from "../../secrets/index.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import { createLinkKeys, type LinkKeys } from "./link_key.ts";
import { issueToken } from "./token.ts";

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

type ToSend = { link_id: string; organization_id: string; patient_id: string; asks_for: string | null };

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
  ): Promise<ToSend> {
    const { rows } = await asCaller(pool, settings, (client) =>
      client.query<ToSend>("select * from app_hidden.link_to_send($1, $2, $3, $4)", [
        formId,
        mode,
        caregiverId ?? null,
        identifyBy ?? null,
      ]),
    );
    return rows[0] as ToSend;
  }

  return {
    keys,

    async sendLink(settings, input) {
      const {
        link_id: id,
        organization_id,
        patient_id,
        asks_for: identify_by,
      } = await toSend(settings, "remote_link", input);
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
        await asCaller(pool, settings, (client) =>
          client.query("select app_hidden.send_signature_link($1, $2, $3, $4, $5, $6, $7)", [
            id,
            input.formId,
            hash,
            sealed,
            code && linkKeys.codeDigest(id, code),
            identify_by,
            input.caregiverId ?? null,
          ]),
        );
      };
      try {
        await write();
      } catch (error) {
        if (!(error instanceof DatabaseError && error.message === "data_key_not_in_use")) throw error;
        // A rotation retired the key we sealed with; the next one is there already.
        secrets.refresh(organization_id);
        await write();
      }
      return { id, code };
    },

    async startKiosk(settings, input) {
      const { link_id: id, patient_id } = await toSend(settings, "drawn_kiosk", input);
      const { token, hash } = await issueToken(await keys(), "kiosk", {
        linkId: id,
        formId: input.formId,
        patientId: patient_id,
      });
      await asCaller(pool, settings, (client) =>
        client.query("select app_hidden.open_kiosk($1, $2, $3, $4, $5)", [
          id,
          input.formId,
          hash,
          input.device ?? null,
          input.caregiverId ?? null,
        ]),
      );
      return { id, token };
    },
  };
}
