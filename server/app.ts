import type { Registry } from "@prometheus-io/client";
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { GrafservBase } from "postgraphile/grafserv";
import { grafserv } from "postgraphile/grafserv/express/v4";
import type { Verifiers } from "../providers/webhooks/index.ts";
import type { Readiness } from "../runtime/operations/listener.ts";
import { Refusal } from "../runtime/refusal.ts";
import type { WebhookHandlers } from "../webhooks/index.ts";
import type { Config } from "./config.ts";
import { readTrustedDocuments, staleDocuments } from "./documents/trusted.ts";
import { inRequest } from "./errors/current_request.ts";
import type { ErrorRegistry } from "./errors/registry.ts";
import { contentJsonSchema } from "./forms/content_schema.ts";
import { buildSchema, createPreset, type SchemaOf } from "./graphile.config.ts";
import { calendarFeeds } from "./http/calendar_feeds.ts";
import { consentTrails } from "./http/consents.ts";
import { type CheckRequest, createRequestCheck } from "./http/document_check.ts";
import { fieldCosts } from "./http/document_cost.ts";
import { documentTemplatePaths } from "./http/document_templates.ts";
import { exerciseSessionPaths } from "./http/exercise_sessions.ts";
import { exercisePaths } from "./http/exercises.ts";
import { failures } from "./http/failures.ts";
import { formPaths } from "./http/forms.ts";
import { graphqlMethod, graphqlRequest } from "./http/graphql_request.ts";
import { guestBooking } from "./http/guest_booking.ts";
import { healthz, readyz } from "./http/health.ts";
import { authenticate, enter, signedIn } from "./http/identify.ts";
import { jsonBody } from "./http/json_body.ts";
import { openApiDocument } from "./http/openapi.ts";
import { publicBooking } from "./http/public_booking.ts";
import { publicClinic } from "./http/public_clinic.ts";
import { publicWaitlist } from "./http/public_waitlist.ts";
import { createRateLimits, type RateLimits } from "./http/rate_limits.ts";
import { requestLog, routesOf } from "./http/request_log.ts";
import { openToOtherOrigins, securityHeaders } from "./http/security_headers.ts";
import { serviceAccountPaths } from "./http/service_accounts.ts";
import { signingPaths } from "./http/signing.ts";
import { timesToMove } from "./http/times_to_move.ts";
import { inboundWebhooks } from "./http/webhooks.ts";
import type { Verifier } from "./identity/verify.ts";
import type { EventStreams } from "./live/event_streams.ts";
import { refusalCounter, requestMetrics } from "./operations/request_metrics.ts";
import { bookingPage } from "./pages/booking_page.ts";
import type { Replica } from "./replica.ts";

export type AppParts = {
  config: Pick<Config, "mode" | "trustProxy" | "poolSize" | "rates" | "trustedDocuments">;
  pool: Pool;
  replica?: Replica | undefined;
  registry: ErrorRegistry;
  verify: Verifier;
  readiness(): Promise<Readiness>;
  metrics: Registry;
  /** Which vendors may call, and what their deliveries do. */
  verifiers: Verifiers;
  webhooks: WebhookHandlers;
  log: Logger;
  /** What the schema does beyond SQL. */
  services: Grafast.Services;
  /** What the page of the IDE asks for; absent in production. */
  ide?: RequestHandler | undefined;
  /** The pages of `web/`. */
  pages: RequestHandler;
  /** What changes of calendars' times. */
  live: EventStreams;
  schemaOf?: SchemaOf;
};

/**
 * Builds the Express app of the API; its handlers stand in the order in which a request passes them. Resolves when
 * the schema is built and can answer.
 */
export async function createApp({
  config,
  pool,
  replica,
  registry,
  verify,
  readiness,
  metrics,
  verifiers,
  webhooks,
  log,
  services,
  ide,
  pages,
  live,
  schemaOf = buildSchema,
}: AppParts): Promise<{
  app: Express;
  graphql: GrafservBase;
  checkRequest: CheckRequest;
  rates: RateLimits;
  release(): Promise<void>;
}> {
  const refusals = refusalCounter(metrics);
  const trusted = config.trustedDocuments ? readTrustedDocuments(config.trustedDocuments) : new Map();
  const preset = createPreset(config, { trusted, pool, replica, registry, log, refusals, services });
  const schema = await schemaOf(preset);
  const graphql = grafserv({ preset, schema });
  const limits = createRateLimits(config, pool, log);
  const documents = { trusted, othersToo: config.mode !== "production" };
  const checkRequest = createRequestCheck(documents, fieldCosts(schema));
  const stale = staleDocuments(trusted, schema);
  if (stale.length > 0) log.warn({ documents: stale }, "trusted documents that do not fit this schema");

  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  if (config.trustProxy > 0) app.set("trust proxy", config.trustProxy);

  const openApi = openApiDocument();
  const routeOf = routesOf([
    "/graphql",
    "/ide",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/form-content.schema.json",
    ...Object.keys(openApi.paths),
  ]);
  app.use(requestLog(log, routeOf), requestMetrics(metrics, routeOf));
  app.use(securityHeaders({ ide: config.mode !== "production" }));
  if (ide) app.use("/ide", ide);
  app.use(pages);
  app.use(bookingPage(pool, [limits.address, limits.caller("publicBooking"), limits.permit]));
  app.use(openToOtherOrigins());
  app.get("/healthz", healthz);
  app.get("/readyz", readyz(readiness));

  // Everything else is counted by the address it comes from, before anything is known about who asks.
  app.use(limits.address);
  app.get("/openapi.json", (_request, response) => {
    response.json(openApi);
  });
  const formContent = contentJsonSchema();
  app.get("/form-content.schema.json", (_request, response) => {
    response.json(formContent);
  });

  // What a caller may do is limited between the token and the database: a flood of either never reaches it.
  const arriving = authenticate(verify, limits);
  const entering = [limits.permit, enter(pool, config.mode), limits.organization];
  app.use("/v1/public/availability/live", arriving, limits.caller("publicBooking"), live.router);
  app.use(
    "/v1/public",
    arriving,
    limits.caller("publicBooking"),
    publicBooking(pool, entering),
    publicClinic(pool, entering),
    guestBooking(pool, entering),
    timesToMove(pool, entering),
    publicWaitlist(pool, entering),
  );
  app.use("/v1", serviceAccountPaths({ pool, limits }));
  const asPerson = [arriving, limits.caller("graphql"), signedIn, ...entering];
  app.use(
    "/v1",
    consentTrails(pool, asPerson),
    exercisePaths(pool, asPerson),
    exerciseSessionPaths(pool, services.exerciseSessions, asPerson),
  );
  app.use(
    "/v1/signing",
    limits.caller("signing"),
    signingPaths({ pool, signing: services.signing, files: services.files, limits }),
  );
  app.use("/v1/calendar-feeds", arriving, limits.caller("publicBooking"), calendarFeeds(pool, entering));
  app.use("/v1/forms", arriving, limits.caller("graphql"), signedIn, formPaths(pool, entering));
  app.use(
    "/v1/document-templates",
    arriving,
    limits.caller("documentPreviews"),
    signedIn,
    documentTemplatePaths(pool, services.files, entering),
  );
  app.use(
    "/v1/webhooks",
    limits.caller("webhooks"),
    inboundWebhooks({ pool, verifiers, handlers: webhooks, log }),
  );
  app.all(
    "/graphql",
    graphqlMethod,
    arriving,
    limits.caller("graphql"),
    jsonBody,
    graphqlRequest(checkRequest, limits),
    entering,
    (request: Request, _response: Response, next: NextFunction) => inRequest(request, next),
  );
  await graphql.addTo(app, null, false);

  app.use(() => {
    throw new Refusal("ROUTE_NOT_FOUND", "route_not_found");
  });
  app.use(failures(registry, log, refusals));

  return {
    app,
    graphql,
    checkRequest,
    rates: limits,
    async release() {
      limits.close();
      await graphql.release();
    },
  };
}
