import "postgraphile";
import type { PgClient } from "postgraphile/@dataplan/pg";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import { writable } from "../../../messages/message.ts";
import { type Preview, previewOf } from "../../../messages/preview.ts";
import { Refusal } from "../../../runtime/refusal.ts";
import { queryBeyondSql } from "../beyond_sql.ts";

const asked = z.object({
  organizationId: z.string(),
  templateKey: z.string(),
  channel: z.string(),
  locale: z.string(),
  title: z.string().nullish(),
  body: z.string().nullish(),
  data: z.unknown(),
});

/** The reader of a preview. */
const reader = "Ioana Mureșan";

/**
 * Shows a message as its reader will see it (FND-15): the database says who may, checks the words and adds sample
 * data; the functions that write messages for the worker write this one too.
 */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const { messages } = build.pgResources;
  if (!messages) throw new Error("app_public.messages is not in the schema");
  return {
    typeDefs: gql`
      """A message as its reader will see it."""
      type MessagePreview {
        """Subject of a mail, title of a notice; null for a short text."""
        title: String
        text: String!
        """The HTML alternative; mail only. Show it in a frame that may do nothing."""
        html: String
        """How many parts an operator makes of it; SMS only."""
        parts: Int
      }

      extend type Query {
        """
        Writes a message with the clinic's words, or with a draft (title and body), and sample data, which data
        replaces. Needs message_templates.manage; VALIDATION names what is wrong with the words.
        """
        previewMessageTemplate(
          organizationId: UUID!
          templateKey: String!
          channel: Channel!
          locale: Locale!
          title: String
          body: String
          data: JSON
        ): MessagePreview!
      }
    `,
    objects: {
      Query: {
        plans: {
          previewMessageTemplate: queryBeyondSql({ executor: messages.executor, args: asked, run: preview }),
        },
      },
    },
  };
}, "MessagePreviewPlugin");

type Row = { words_title: string | null; words_body: string; words_data: unknown };

async function preview(
  client: PgClient,
  { organizationId, templateKey, channel, locale, title, body, data }: z.output<typeof asked>,
): Promise<Preview> {
  const { rows } = await client.query<Row>({
    text: "select * from app_hidden.text_to_preview($1, $2, $3, $4, $5, $6, $7)",
    values: [
      organizationId,
      templateKey,
      channel,
      locale,
      title ?? null,
      body ?? null,
      data == null ? null : JSON.stringify(data),
    ],
  });
  const { words_title, words_body, words_data, ...clinic } = rows[0] as Row;
  const message = writable.safeParse({
    locale,
    recipient_name: reader,
    title: words_title,
    body: words_body,
    data: words_data,
    ...clinic,
  });
  if (!message.success) {
    throw new Refusal("VALIDATION", "message_data_malformed", { field: "data" });
  }
  return previewOf(message.data, channel);
}

export default plugin;
