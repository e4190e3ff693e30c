import "postgraphile";
import { access, constant, context, object, type Step, sideEffect } from "grafast";
import { extendSchema, gql } from "postgraphile/utils";
import type { Settings } from "../identity/session.ts";
import type { IntegrationInput, Integrations } from "../integrations/index.ts";

declare global {
  namespace Grafast {
    interface Context {
      integrations?: Integrations;
    }
  }
}

type InputStep = Step & { get(name: string): Step };

/**
 * What integrations need beyond SQL (FND-23): keys are sealed before the database hears of them, and a test
 * asks the vendor while no transaction is open. The rest of them is plain SQL.
 */
export const IntegrationsPlugin: GraphileConfig.Plugin = extendSchema((build) => {
  const integrations = build.pgResources.organization_integrations;
  if (!integrations) throw new Error("app_public.organization_integrations is not in the schema");
  const find = ($id: Step) => integrations.get({ id: $id } as never);
  return {
    typeDefs: gql`
      """One key of an account, by the name of the provider's credential field."""
      input IntegrationCredentialInput {
        field: String!
        """The key itself. It is sealed at once and never shown again."""
        value: String!
      }

      input SaveIntegrationInput {
        """Comes back unchanged in the payload."""
        clientMutationId: String
        organizationId: UUID!
        """The integration to change; a new one without."""
        integrationId: UUID
        """The key of one of serviceProviders. It cannot be changed later."""
        provider: String!
        """What people call it; unique in the clinic."""
        label: String!
        """By the provider's settingsFields."""
        settings: JSON
        """
        By the provider's credentialFields, all of them. Without: the keys that are there stay, as long as no setting
        changes that is a destination (see settingsFields); VALIDATION credentials_required when one does.
        """
        credentials: [IntegrationCredentialInput!]
      }

      type SaveIntegrationPayload {
        clientMutationId: String
        result: OrganizationIntegration
        query: Query
      }

      input TestIntegrationInput {
        """Comes back unchanged in the payload."""
        clientMutationId: String
        integrationId: UUID!
      }

      type TestIntegrationPayload {
        clientMutationId: String
        """Whether the vendor took the keys."""
        passed: Boolean!
        """A word for what is wrong: credentials_refused, unreachable, sender_not_verified, bucket_not_found, …"""
        reason: String
        """What to do about it."""
        hint: String
        result: OrganizationIntegration
        query: Query
      }

      extend type Mutation {
        """
        Adds or changes the clinic's own account at a vendor. The keys are sealed before they are stored and shown as
        lastFour only, and of a password nothing is shown. Needs integrations.manage; UNAVAILABLE kms_unavailable when they cannot be sealed right now.
        """
        saveIntegration(input: SaveIntegrationInput!): SaveIntegrationPayload

        """
        Asks the vendor whether it takes the keys, and records the answer. A disabled integration can be enabled
        after a test that passed. Needs integrations.manage.
        """
        testIntegration(input: TestIntegrationInput!): TestIntegrationPayload
      }
    `,
    objects: {
      Mutation: {
        plans: {
          saveIntegration(_$root: Step, { $input }: { $input: InputStep }) {
            const $id = sideEffect([context().get("integrations"), settings(), $input] as never, save);
            return object({
              clientMutationId: $input.get("clientMutationId"),
              result: find($id),
              query: constant(true),
            });
          },
          testIntegration(_$root: Step, { $input }: { $input: InputStep }) {
            const $id = $input.get("integrationId");
            const $outcome = sideEffect([context().get("integrations"), settings(), $id] as never, test);
            return object({
              clientMutationId: $input.get("clientMutationId"),
              passed: access($outcome, "passed"),
              reason: access($outcome, "reason"),
              hint: access($outcome, "hint"),
              result: find($id),
              query: constant(true),
            });
          },
        },
      },
    },
  } as never;
}, "IntegrationsPlugin");

function settings(): Step {
  return context().get("pgSettings" as never);
}

const save = ([integrations, mine, input]: readonly [Integrations, Settings, IntegrationInput]) =>
  integrations.save(mine, input);
const test = ([integrations, mine, integrationId]: readonly [Integrations, Settings, string]) =>
  integrations.test(mine, integrationId);
