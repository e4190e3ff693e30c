import type { PoolClient } from "pg";
import { z } from "zod";
import type { TaxOffice } from "../../providers/tax_office/index.ts";
import { describeFailure } from "../../runtime/failure.ts";
import { defineTask } from "../task.ts";

const documentsAtOnce = 500;
/** As far back as the office lists, in milliseconds. */
const REACH_MS = 60 * 86_400_000;

type Document = { kind: string; id: string; tax_upload_id: string | null };

/**
 * Asks the tax office what became of invoices and credit notes that were sent there, and warns of those whose deadline is near (BIL-04). Who issues them
 * does not say by which upload: the office's messages are read, each once, for the numbers in them.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "23 * * * *" },

  async run(_, { withPgClient, logger, abortSignal }, { taxOffice }) {
    await withPgClient(async (client) => {
      try {
        if (taxOffice) await ask(client, taxOffice, { warn: (text) => logger.warn(text), abortSignal });
      } finally {
        // Also where the office does not answer: then there is more to warn of.
        await client.query("select app_hidden.warn_of_tax_deadlines($1)", [documentsAtOnce]);
      }
    });
  },
});

type Ways = { warn(text: string): void; abortSignal: AbortSignal | undefined };

async function ask(client: PoolClient, office: TaxOffice, { warn, abortSignal }: Ways): Promise<void> {
  const { rows: documents } = await client.query<Document>(
    "select kind, id, tax_upload_id from app_hidden.documents_to_check($1)",
    [documentsAtOnce],
  );
  if (documents.some(({ tax_upload_id }) => !tax_upload_id)) {
    await readMessages(client, office, warn);
    const { rows } = await client.query<{ document_id: string; upload_id: string }>(
      "select document_id, upload_id from app_hidden.tax_uploads_of($1)",
      [documents.map(({ id }) => id)],
    );
    const found = new Map(rows.map(({ document_id, upload_id }) => [document_id, upload_id]));
    for (const document of documents) document.tax_upload_id ??= found.get(document.id) ?? null;
  }
  for (const { kind, id, tax_upload_id: uploadId } of documents) {
    if (abortSignal?.aborted) return;
    if (!uploadId) continue;
    const { state, vendorState, error } = await office.state(uploadId);
    if (state === "unknown") warn(`${office.office} says ${vendorState} of a document, which nobody knows`);
    await client.query("select app_hidden.record_tax_state($1, $2, $3, $4, $5)", [
      kind,
      id,
      state,
      uploadId,
      error ?? (state === "unknown" ? vendorState : null),
    ]);
  }
}

/** Reads the messages that were not read yet, and keeps which number each is about: an office lends each out a few times a day. */
async function readMessages(client: PoolClient, office: TaxOffice, warn: Ways["warn"]): Promise<void> {
  const messages = new Map<string, { uploadId: string; kind: string }>();
  for await (const { id, ...message } of office.messages(new Date(Date.now() - REACH_MS))) {
    messages.set(id, message);
  }
  const { rows } = await client.query<{ message_id: string }>(
    "select message_id from app_hidden.unread_tax_messages($1, $2)",
    [office.office, [...messages.keys()]],
  );
  for (const { message_id: id } of rows) {
    const { uploadId, kind } = messages.get(id) as { uploadId: string; kind: string };
    const number = kind === "taken" ? await office.numberIn(id) : null;
    if (kind === "errors")
      warn(`${office.office} refused a document that it does not name, upload ${uploadId}`);
    await client
      .query("select app_hidden.record_tax_message($1, $2, $3, $4)", [office.office, id, uploadId, number])
      .catch((error: unknown) => warn(`a message was not kept: ${describeFailure(error)}`));
  }
}
