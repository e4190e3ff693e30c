import { PgAggregatesPreset } from "@graphile/pg-aggregates";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { type GraphQLSchema, NoSchemaIntrospectionCustomRule } from "grafast/graphql";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { makeSchema } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";
import { byFile } from "../runtime/by_file.ts";
import type { Config } from "./config.ts";
import type { TrustedDocuments } from "./documents/trusted.ts";
import { createErrorMask } from "./errors/graphql_errors.ts";
import type { ErrorRegistry } from "./errors/registry.ts";
import { idePage } from "./ide/index.ts";
import { settingsOf } from "./identity/session.ts";
import type { RefusalCounter } from "./operations/request_metrics.ts";
import { createPgService } from "./pg_service.ts";
import { AvailabilitySubscriptionPlugin } from "./plugins/availability_subscription.ts";
import { BoundedPlansPlugin, KEPT_DOCUMENTS } from "./plugins/bounded_plans.ts";
import { ChartReadingsPlugin } from "./plugins/chart_readings.ts";
import { ClinicSubscriptionsPlugin } from "./plugins/clinic_subscriptions.ts";
import { ClockScalarsPlugin } from "./plugins/clock_scalars.ts";
import { DescriptionsPlugin } from "./plugins/descriptions.ts";
import { EmptyListsPlugin } from "./plugins/empty_lists.ts";
import { EnumsPlugin } from "./plugins/enums.ts";
import { FieldCostsPlugin } from "./plugins/field_costs.ts";
import { HttpAnswersPlugin } from "./plugins/http_answers.ts";
import { InboxSubscriptionPlugin } from "./plugins/inbox_subscription.ts";
import { IndexedOnlyPlugin } from "./plugins/indexed_only.ts";
import { NameOrderPlugin } from "./plugins/name_order.ts";
import { NamedClinicPlugin } from "./plugins/named_clinic.ts";
import { NamedScalarsPlugin } from "./plugins/named_scalars.ts";
import { NeverNullPlugin } from "./plugins/never_null.ts";
import { NothingUpdatedPlugin } from "./plugins/nothing_updated.ts";
import { OrderTiesPlugin } from "./plugins/order_ties.ts";
import { PageBoundsPlugin } from "./plugins/page_bounds.ts";
import { PayloadNamesPlugin } from "./plugins/payload_names.ts";
import { RelationNamesPlugin } from "./plugins/relation_names.ts";
import { RowKeysPlugin } from "./plugins/row_keys.ts";
import { SignInFirstPlugin } from "./plugins/sign_in_first.ts";
import { SummedUpPlugin } from "./plugins/summed_up.ts";
import { ValidationCodesPlugin } from "./plugins/validation_codes.ts";
import type { Replica } from "./replica.ts";
import { arrivalsOf } from "./sockets/open_sockets.ts";

/** Where there are no global ids, there is nothing to call them. */
const simplerNames: GraphileConfig.Preset = {
  ...PgSimplifyInflectionPreset,
  plugins: PgSimplifyInflectionPreset.plugins?.map((plugin) => ({
    ...plugin,
    inflection: { ...plugin.inflection, ignoreReplaceIfNotExists: ["deletedNodeId", "nodeById"] },
  })),
};

/** What the schema offers beyond SQL: each a file of plugins/fields. */
const fieldsBeyondSql = await byFile(
  new URL("./plugins/fields/", import.meta.url),
  (found): found is GraphileConfig.Plugin => typeof found === "object" && found !== null && "schema" in found,
  "a plugin",
);

/** What decides the shape of the schema, and nothing about a running server: `schema.graphql` is built from it. */
export const schemaPreset: GraphileConfig.Preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset, PgAggregatesPreset, simplerNames],
  plugins: [
    ChartReadingsPlugin,
    ClockScalarsPlugin,
    DescriptionsPlugin,
    EmptyListsPlugin,
    EnumsPlugin,
    FieldCostsPlugin,
    InboxSubscriptionPlugin,
    AvailabilitySubscriptionPlugin,
    ClinicSubscriptionsPlugin,
    IndexedOnlyPlugin,
    NameOrderPlugin,
    NamedClinicPlugin,
    NamedScalarsPlugin,
    NeverNullPlugin,
    NothingUpdatedPlugin,
    OrderTiesPlugin,
    PageBoundsPlugin,
    PayloadNamesPlugin,
    RelationNamesPlugin,
    RowKeysPlugin,
    SummedUpPlugin,
    ...Object.values(fieldsBeyondSql),
  ],
  disablePlugins: [
    // A row has one key, its `id`; a second, global one would make everything twice.
    "AddNodeInterfaceToSuitableTypesPlugin",
    "NodeAccessorPlugin",
    "NodeIdCodecBase64JSONPlugin",
    "NodeIdCodecPipeStringPlugin",
    "NodePlugin",
    "PgNodeIdAttributesPlugin",
    "PgTableNodePlugin",
    "RegisterQueryNodePlugin",
    // What Relay 1 needed.
    "PgMutationPayloadEdgePlugin",
    "QueryQueryPlugin",
    // `filter` says everything `condition` says; two ways to say it are one too many.
    "PgConditionArgumentPlugin",
    "PgConditionCustomFieldsPlugin",
    // A filter through a relation is a query inside the query, at any depth (FND-29).
    "PgConnectionArgFilterBackwardRelationsPlugin",
    "PgConnectionArgFilterForwardRelationsPlugin",
    // Ordering and filtering by an aggregate of a relation is never on an index (FND-29).
    "PgAggregatesOrderByAggregatesPlugin",
    "PgAggregatesFilterRelationalAggregatesPlugin",
    // A list as long as its distinct values is a page without a bound (FND-29).
    "PgAggregatesAddConnectionGroupedAggregatesPlugin",
    "PgAggregatesAddGroupByAggregateEnumsPlugin",
    "PgAggregatesAddGroupByAggregateEnumValuesForAttributesPlugin",
    "PgAggregatesAddHavingAggregateTypesPlugin",
  ],
  // An argument without a default is required: where null means something, null is its default.
  gather: { pgStrictFunctions: true },
  schema: {
    defaultBehavior: "-resource:aggregates",
    connectionFilterComputedColumns: false,
    connectionFilterSetofFunctions: false,
    // Small, fixed, and each of them can use an index.
    connectionFilterAllowedOperators: [
      "isNull",
      "equalTo",
      "notEqualTo",
      "in",
      "notIn",
      "lessThan",
      "lessThanOrEqualTo",
      "greaterThan",
      "greaterThanOrEqualTo",
      "startsWith",
      "startsWithInsensitive",
      "includesInsensitive",
    ],
  },
};

/** What the schema is served with. */
export type PresetParts = {
  trusted: TrustedDocuments;
  pool: Pool;
  replica?: Replica | undefined;
  registry: ErrorRegistry;
  log: Logger;
  refusals: RefusalCounter;
  services: Grafast.Services;
};

/** The schema of the database behind `pool`, served as configured (FND-29). */
export function createPreset(
  config: Pick<Config, "mode">,
  { trusted, pool, replica, registry, log, refusals, services }: PresetParts,
): GraphileConfig.Preset {
  const forDevelopers = config.mode !== "production";
  return {
    extends: [schemaPreset],
    plugins: [
      BoundedPlansPlugin(Math.max(KEPT_DOCUMENTS, trusted.size)),
      HttpAnswersPlugin,
      SignInFirstPlugin(registry),
      ValidationCodesPlugin(forDevelopers ? [] : [NoSchemaIntrospectionCustomRule]),
    ],
    ...(forDevelopers && { ruru: idePage }),
    pgServices: [createPgService(pool, replica)],
    grafast: {
      explain: false,
      context: ({ node, ws }) => ({
        pgSettings: settingsOf(node?.req ?? ws?.request),
        arrivals: arrivalsOf(ws?.request),
        services,
      }),
    },
    grafserv: {
      graphqlPath: "/graphql",
      graphqlOverGET: false,
      graphiql: forDevelopers,
      graphiqlPath: "/ide",
      graphiqlOnGraphQLGET: false,
      watch: false,
      // server/sockets serves WebSockets, and signs their callers in.
      websockets: false,
      parseAndValidateCacheSize: Math.max(KEPT_DOCUMENTS, trusted.size),
      maxRequestLength: 100_000,
      allowedRequestContentTypes: ["application/json"],
      outputDataAsString: true,
      maskError: createErrorMask(registry, log, refusals),
    },
  };
}

/** Where the schema of a preset comes from. It holds no connection: whoever serves it says which pool is asked. */
export type SchemaOf = (preset: GraphileConfig.Preset) => Promise<GraphQLSchema>;

/** Reads the database behind the preset and builds its schema, which takes a second of processor time. */
export const buildSchema: SchemaOf = async (preset) => (await makeSchema(preset)).schema;
