import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { picturesIn, RenderingRefused, render } from "../../pdf/index.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { Files } from "../files/index.ts";
import { settingsOf } from "../identity/session.ts";
import { underPermit } from "./held_permit.ts";
import { jsonBodyUpTo } from "./json_body.ts";
import { parseInput } from "./read_input.ts";
import { asCaller } from "./transaction.ts";

/** A template at its largest, and what stands around it. */
const LARGEST_TEMPLATE = 300_000;

/** Each holds the pages of a whole document in memory. */
const PREVIEWS_AT_ONCE = 2;
const BOUNDS = { longestMs: 15_000, mostMb: 256 };

export const previewBody = z
  .strictObject({
    organizationId: z.uuid(),
    kind: z.enum(["report", "prescription", "form"]),
    editorState: z.record(z.string(), z.unknown()).meta({
      description: "The blocks as they are drafted, as in createPdfTemplate.",
    }),
    layoutConfig: z.record(z.string(), z.unknown()).default({}),
    locale: z.enum(["ro", "en"]),
    sample: z.uuid().nullish().meta({
      description: "An appointment, or a signed form for the kind form; without it, sample data.",
    }),
  })
  .meta({ description: "A template as it is drafted, and with whose data it is shown." });

/** What a draft of a template looks like as a document: nothing is kept of it (DOC-01, DOC-02). */
export function documentTemplatePaths(pool: Pool, files: Files, entering: RequestHandler[]): Router {
  const router = Router();
  let rendering = 0;
  // A reading of somebody's record is written down, so that a replica cannot answer.
  const isWrite: RequestHandler = (_request, response, next) => {
    response.locals.writes = true;
    next();
  };

  router.post(
    "/preview",
    isWrite,
    jsonBodyUpTo(LARGEST_TEMPLATE),
    entering,
    async (request: Request, response: Response) => {
      const given = parseInput(previewBody, request.body);
      if (rendering >= PREVIEWS_AT_ONCE) throw new Refusal("UNAVAILABLE", "previews_busy");
      rendering += 1;
      try {
        const { rows } = await underPermit(request, () =>
          asCaller(pool, settingsOf(request), (client) =>
            client.query<{ input: unknown }>(
              "select app_hidden.document_preview_input($1, $2, $3, $4, $5, $6) as input",
              [
                given.organizationId,
                given.kind,
                JSON.stringify(given.editorState),
                JSON.stringify(given.layoutConfig),
                given.locale,
                given.sample ?? null,
              ],
            ),
          ),
        );
        const input = rows[0]?.input;
        const pictures = await picturesIn(input, { get: (key) => files.read(given.organizationId, key) });
        const { bytes } = await render(input, pictures, BOUNDS);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Disposition", 'inline; filename="preview.pdf"');
        response.type("application/pdf").send(bytes);
      } catch (error) {
        if (!(error instanceof RenderingRefused)) throw error;
        throw new Refusal("VALIDATION", "document_not_renderable", {
          field: "editorState",
          rule: error.reason,
        });
      } finally {
        rendering -= 1;
      }
    },
  );

  return router;
}
