import { type NextFunction, type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { protectiveHeaders } from "../../runtime/protective_headers.ts";
import { underPermit } from "../http/held_permit.ts";
import { asCaller } from "../http/transaction.ts";
import { visitorSession } from "../identity/session.ts";
import { contentOf } from "./content.ts";
import { readPage } from "./read_page.ts";

/**
 * The page where visitors book at a clinic (APT-05), which the clinic's own pages may show inside of them: those origins that it
 * named, and nobody else's. Where there is no such clinic, or only a draft, it is 404, and the page says so. `limiting` counts
 * who asks, since the answer is in the database.
 */
export function bookingPage(pool: Pool, limiting: RequestHandler[]): RequestHandler {
  const router = Router();
  const named: RequestHandler = (_request, response, next) => {
    response.locals.path = "/book/{slug}";
    next();
  };

  router.get(
    "/book/:slug",
    named,
    limiting,
    async (request: Request, response: Response, next: NextFunction) => {
      const text = readPage("book");
      if (text === undefined) return next();
      const { settings } = visitorSession(response.locals.requestId, {
        headers: request.headers,
        ip: request.ip,
      });
      const { rows } = await underPermit(request, () =>
        asCaller(
          pool,
          settings,
          (client) =>
            client.query<{ origins: string[] | null }>(
              "select app_hidden.embedding_origins_of($1) as origins",
              [request.params.slug],
            ),
          { readOnly: true },
        ),
      );
      const origins = rows[0]?.origins ?? null;
      protectiveHeaders({ content: contentOf({ frames: origins ?? [] }) })(request, response);
      response.setHeader("Cache-Control", "no-store");
      response
        .status(origins ? 200 : 404)
        .type("html")
        .send(text);
    },
  );
  return router;
}
