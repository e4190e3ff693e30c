import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool, PoolClient } from "pg";
import { Refusal } from "../../runtime/refusal.ts";
import { hashOf, type LinkKind, type LinkToken, readToken } from "../../secrets/links/token.ts";
import { languageOf } from "../errors/language.ts";
import { written } from "../errors/written.ts";
import { examineApart } from "../files/examine/apart.ts";
import { type Files, fileRow } from "../files/index.ts";
import { type Settings, visitorSession } from "../identity/session.ts";
import type { Signing } from "../signing/index.ts";
import { underPermit } from "./held_permit.ts";
import { jsonBodyUpTo } from "./json_body.ts";
import type { RateLimits } from "./rate_limits.ts";
import { parseInput } from "./read_input.ts";
import {
  answersBody,
  fileBody,
  fileId,
  identifyBody,
  localeQuery,
  refuseBody,
  signBody,
} from "./signing_shapes.ts";
import { asCaller } from "./transaction.ts";

type Parts = { pool: Pool; signing: Signing; files: Files; limits: Pick<RateLimits, "badToken" | "permit"> };

/** Answers, a picture and its strokes, each at its largest. */
const LARGEST_SIGNING = 700_000;

const kinds: Record<string, LinkKind> = { Link: "link", Kiosk: "kiosk" };

/**
 * The doors of signature links and kiosks (CNS-05, CNS-06). Whoever comes here is nobody to the database but the holder of a
 * token: the role app_link, which sees the one form that the token's row leads to. Every door asks the row anew, in the
 * transaction of what it does. The token comes in a header, out of the fragment of the page's address, and is written nowhere.
 */
export function signingPaths({ pool, signing, files, limits }: Parts): Router {
  const router = Router();

  /** Reads the token. What is none of ours, and what is for another kind of door, is answered alike: there is nothing here. */
  const arriving: RequestHandler = async (request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    response.locals.writes = true;
    const given = request.headersDistinct.authorization;
    const [, scheme = "", token = ""] = /^(Link|Kiosk) ([A-Za-z0-9._-]{1,400})$/.exec(given?.[0] ?? "") ?? [];
    const kind = kinds[scheme];
    const read = kind && given?.length === 1 ? await readToken(await signing.keys(), kind, token) : null;
    if (!read) {
      limits.badToken(request, response);
      throw nothingHere();
    }
    response.locals.link = read;
    response.locals.linkSettings = settingsAtDoor(request, response, read, token);
    next();
  };
  router.use(arriving, limits.permit);

  /** All of a door's work under one permit, also where it is more than one transaction. */
  const door =
    (work: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    (request, response) =>
      underPermit(request, () => work(request, response));

  /** In one transaction: whether the link may be used and is still about whom it was made for, and what the door is for. */
  async function atLink<T>(response: Response, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const link = response.locals.link as LinkToken;
    const { patientDigest } = await signing.keys();
    return asCaller(pool, response.locals.linkSettings as Settings, async (client) => {
      const { rows } = await client.query("select app_hidden.link_patient_id() as id");
      const now = Buffer.from(patientDigest(rows[0]?.id), "latin1");
      if (!timingSafeEqual(now, Buffer.from(link.patientDigest, "latin1"))) throw nothingHere();
      return work(client);
    });
  }

  const one = async (client: PoolClient, sql: string, values: unknown[] = []) =>
    (await client.query(`select ${sql} as answer`, values)).rows[0]?.answer;

  router.get(
    "/",
    door(async (_request, response) => {
      response.json(await atLink(response, (client) => one(client, "app_hidden.signing_door()")));
    }),
  );

  router.post(
    "/identify",
    jsonBodyUpTo(10_000),
    door(async (request, response) => {
      const given = parseInput(identifyBody, request.body);
      const { linkId } = response.locals.link as LinkToken;
      const { codeDigest } = await signing.keys();
      const session = randomBytes(32).toString("base64url");
      const outcome = await atLink(response, async (client) => {
        const { rows } = await client.query("select * from app_hidden.identify_at_link($1, $2, $3)", [
          "birthDate" in given ? given.birthDate : null,
          "code" in given ? codeDigest(linkId, given.code) : null,
          hashOf(session),
        ]);
        return rows[0] as { is_identified: boolean; attempts_left: number };
      });
      if (outcome.is_identified) {
        response.json({ session });
        return;
      }
      // It is counted by now: a refusal inside the transaction would have taken that back.
      const { attempts_left: attemptsLeft } = outcome;
      throw attemptsLeft > 0
        ? new Refusal("FORBIDDEN", "not_this_person", { attemptsLeft })
        : new Refusal("GONE", "locked");
    }),
  );

  router.get(
    "/form",
    door(async (request, response) => {
      const { locale } = parseInput(localeQuery, request.query);
      response.json(
        await atLink(response, (client) => one(client, "app_hidden.form_to_sign($1)", [locale ?? null])),
      );
    }),
  );

  router.put(
    "/answers",
    jsonBodyUpTo(LARGEST_SIGNING),
    door(async (request, response) => {
      const { answers } = parseInput(answersBody, request.body);
      const saved = await atLink(response, (client) =>
        one(client, "app_hidden.save_at_link($1)", [JSON.stringify(answers)]),
      );
      const language = languageOf(request);
      response.json({
        ...saved,
        problems: saved.problems.map(
          (problem: { path: string; reason: string; details?: object | null }) => ({
            ...problem,
            details: problem.details ?? {},
            message: written(
              new Refusal("VALIDATION", problem.reason, { field: problem.path, ...problem.details }),
              language,
            ).message,
          }),
        ),
      });
    }),
  );

  router.post(
    "/sign",
    jsonBodyUpTo(LARGEST_SIGNING),
    door(async (request, response) => {
      const body = parseInput(signBody, request.body);
      // A picture is looked at for whoever may sign, and while no transaction is open.
      await atLink(response, (client) => one(client, "app_hidden.require_identified()"));
      const image = body.drawing && (await drawn(body.drawing.png));
      response.json(
        await atLink(response, (client) =>
          one(client, "app_hidden.sign_at_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", [
            JSON.stringify(body.answers),
            body.textHash,
            body.locale,
            body.agreed,
            body.typedName ?? null,
            image ?? null,
            image?.readUInt32BE(16) ?? null,
            image?.readUInt32BE(20) ?? null,
            body.drawing?.path ?? null,
            body.drawing?.width ?? null,
            body.drawing?.height ?? null,
            body.location ? JSON.stringify(body.location) : null,
          ]),
        ),
      );
    }),
  );

  /** In whose name files of the form come in: nobody here has an account. */
  async function asUploader(response: Response): Promise<Settings> {
    const uploader = await atLink(response, (client) => one(client, "app_hidden.uploader_at_link()"));
    return { ...(response.locals.linkSettings as Settings), "app.principal_id": uploader };
  }

  router.post(
    "/files",
    jsonBodyUpTo(10_000),
    door(async (request, response) => {
      const { filename, contentType, sizeBytes, sha256 } = parseInput(fileBody, request.body);
      const { formId } = response.locals.link as LinkToken;
      const settings = await asUploader(response);
      const { rows } = await asCaller(pool, settings, (client) =>
        client.query(
          `select file.id, file.organization_id as "organizationId", file.status, file.filename,
                  file.content_type as "contentType", file.size_bytes::text as "sizeBytes", file.sha256,
                  file.object_key as "objectKey", file.uploaded_key as "uploadedKey", file.uploaded_by as "uploadedBy",
                  to_json(file.expires_at) #>> '{}' as "expiresAt"
           from app_public.request_upload('forms', $1, $2, $3, $4, $5) as file`,
          [formId, filename, contentType, sizeBytes, sha256],
        ),
      );
      const { id } = rows[0];
      response.status(201).json({ id, upload: await files.upload(settings, fileRow.parse(rows[0])) });
    }),
  );

  router.post(
    "/files/:id/confirm",
    door(async (request, response) => {
      const { id } = parseInput(fileId, request.params);
      await files.confirm(await asUploader(response), id);
      response.json({ id, status: "confirmed" });
    }),
  );

  router.post(
    "/refuse",
    jsonBodyUpTo(10_000),
    door(async (request, response) => {
      const { reason } = parseInput(refuseBody, request.body);
      await atLink(response, (client) => one(client, "app_hidden.refuse_at_link($1)", [reason ?? null]));
      response.status(204).end();
    }),
  );

  return router;
}

/** The one answer to everything that is no token of ours. */
function nothingHere(): Refusal {
  return new Refusal("NOT_FOUND", "link_not_found");
}

/** What the database knows of the request: digests, and what the server saw of who sends it. */
function settingsAtDoor(request: Request, response: Response, link: LinkToken, token: string): Settings {
  const { headers, ip } = request;
  const session = headers["x-signing-session"];
  return {
    ...visitorSession(response.locals.requestId as string, { headers, ip }).settings,
    role: "app_link",
    "app.link_kind": link.kind,
    "app.link_id": link.linkId,
    "app.link_form_id": link.formId,
    "app.link_token_hash": hashOf(token).toString("hex"),
    "app.link_session_hash":
      typeof session === "string" ? createHash("sha256").update(session).digest("hex") : undefined,
  };
}

/** The picture of a drawing, written anew from its pixels. */
async function drawn(png: string): Promise<Buffer> {
  const { bytes, rejection } = await examineApart(Buffer.from(png, "base64"), "image/png", {
    asSignature: true,
  });
  if (rejection)
    throw new Refusal("VALIDATION", "signature_image_rejected", { field: "drawing.png", rejection });
  return bytes;
}
