import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { settingsOf } from "../identity/session.ts";
import { underPermit } from "./held_permit.ts";
import { parseInput } from "./read_input.ts";
import { asCaller } from "./transaction.ts";

const path = z.object({ id: z.uuid() });

/** What is done with a form over HTTP: each path is one function of the database (FND-31, CNS-07). */
export function formPaths(pool: Pool, entering: RequestHandler[]): Router {
  const router = Router();
  const isWrite: RequestHandler = (_request, response, next) => {
    response.locals.writes = true;
    next();
  };

  router.post(
    "/:id/revoke-signature-link",
    isWrite,
    entering,
    async (request: Request, response: Response) => {
      const { id } = parseInput(path, request.params);
      const { rows } = await underPermit(request, () =>
        asCaller(pool, settingsOf(request), (client) =>
          client.query(
            `select link.id, link.form_id as "formId", link.status, link.ended_at as "endedAt"
           from app_public.revoke_signature_link($1) as link`,
            [id],
          ),
        ),
      );
      response.json(rows[0]);
    },
  );

  router.get("/:id/proof", isWrite, entering, async (request: Request, response: Response) => {
    const { id } = parseInput(path, request.params);
    const { rows } = await underPermit(request, () =>
      asCaller(pool, settingsOf(request), (client) =>
        client.query("select app_hidden.signature_bundle($1) as bundle", [id]),
      ),
    );
    response.setHeader("Content-Disposition", `attachment; filename="proof-${id}.json"`);
    response.json(rows[0]?.bundle);
  });

  return router;
}
