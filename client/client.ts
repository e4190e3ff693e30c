import type { HttpApi } from "./generated/http.ts";
import { httpApi } from "./http.ts";
import { type Handlers, openListening } from "./listening.ts";
import { asJson, type CallOptions, metaOf, type None, named, type Operation } from "./operation.ts";
import type { TemplatePreview } from "./previewing.ts";
import type { UUID } from "./scalars.ts";
import type { ClientSettings } from "./settings.ts";
import { openTransport } from "./transport.ts";
import { type Watching, watchAvailability } from "./watching.ts";

export type Client = {
  /**
   * Asks a query or does a mutation, and answers with its data. A refusal is thrown as `Refused`, silence as
   * `Unreachable`. Every mutation carries an Idempotency-Key, the same on each of its tries.
   */
  ask<Result>(operation: Operation<Result, None>): Promise<Result>;
  ask<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: NoInfer<Variables>,
    options?: CallOptions,
  ): Promise<Result>;
  /** Listens to a subscription until the function that it answers with is called. */
  listen<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: NoInfer<Variables>,
    handlers: Handlers<Result>,
  ): () => void;
  /**
   * Watches what changes of a public calendar's times, for pages that book without an account, until the function that it
   * answers with is called. It comes back by itself.
   */
  watchAvailability(calendar: UUID, handlers: Watching): () => void;
  /** A drafted template as a document, with sample data or those of a record: a PDF. */
  previewTemplate(preview: TemplatePreview, options?: CallOptions): Promise<Blob>;
  /** The HTTP paths, for pages that book without an account. */
  http: HttpApi;
  /** Closes the socket. */
  close(): void;
};

export function createClient(settings: ClientSettings): Client {
  const send = openTransport(settings);
  const listening = openListening(settings);
  const documents = settings.documents ?? "texts";

  return {
    async ask<Result, Variables>(
      operation: Operation<Result, Variables>,
      variables?: Variables,
      options: CallOptions = {},
    ): Promise<Result> {
      const { kind, isRemembered } = metaOf(operation);
      if (kind === "subscription") throw new TypeError("A subscription is listened to: client.listen.");
      const answer = await send({
        method: "POST",
        path: "/graphql",
        body: asJson({ ...named(operation, documents), variables }),
        ...(kind === "mutation" ? { idempotencyKey: options.idempotencyKey ?? crypto.randomUUID() } : {}),
        isRepeatable: kind === "query" || isRemembered,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      return (answer as { data: Result }).data;
    },
    listen: (operation, variables, handlers) =>
      listening.listen({ ...named(operation, documents), variables }, handlers),
    watchAvailability: (calendar, handlers) => watchAvailability(settings, calendar, handlers),
    previewTemplate: async (preview, { signal } = {}) =>
      (await send({
        method: "POST",
        path: "/v1/document-templates/preview",
        body: asJson(preview),
        accept: "application/pdf",
        isRepeatable: true, // it only reads
        ...(signal ? { signal } : {}),
      })) as Blob,
    http: httpApi(send),
    close: () => listening.close(),
  };
}
