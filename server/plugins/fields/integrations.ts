import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { z } from "zod";
import { type Integrations, integrationInput } from "../../integrations/index.ts";
import { mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      integrations: Integrations;
    }
  }
}

/**
 * What integrations need beyond SQL (FND-23): keys are sealed before the database hears of them, and a test
 * asks the vendor while no transaction is open. The rest of them is plain SQL.
 */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const integrations = build.pgResources.organization_integrations;
  if (!integrations) throw new Error("app_public.organization_integrations is not in the schema");
  return {
    typeDefs: gql`
      """One key of an account, by the name of the provider's credential field."""
      input IntegrationCredentialInput {
        field: String!
        """The key itself. It is sealed at once and never shown again."""
        value: String!
      }

      input SaveIntegrationInput {
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
        """The integration, as it is now."""
        organizationIntegration: OrganizationIntegration!
        query: Query!
      }

      input TestIntegrationInput {
        integrationId: UUID!
      }

      type TestIntegrationPayload {
        """Whether the vendor took the keys."""
        passed: Boolean!
        """A word for what is wrong: credentials_refused, unreachable, sender_not_verified, bucket_not_found, …"""
        reason: String
        """What to do about it."""
        hint: String
        """The integration, as it is now."""
        organizationIntegration: OrganizationIntegration!
        query: Query!
      }

      extend type Mutation {
        """
        Adds or changes the clinic's own account at a vendor. The keys are sealed before they are stored and shown as
        lastFour only, and of a password nothing is shown. Needs integrations.manage; UNAVAILABLE kms_unavailable when they cannot be sealed right now.
        """
        saveIntegration(input: SaveIntegrationInput!): SaveIntegrationPayload!

        """
        Asks the vendor whether it takes the keys, and records the answer. A disabled integration can be enabled
        after a test that passed. Needs integrations.manage.
        """
        testIntegration(input: TestIntegrationInput!): TestIntegrationPayload!
      }
    `,
    objects: {
      Mutation: {
        plans: {
          saveIntegration: mutationBeyondSql({
            input: integrationInput,
            run: async ({ integrations }, settings, input) => ({
              id: await integrations.save(settings, input),
            }),
            row: { name: "organizationIntegration", resource: integrations },
          }),
          testIntegration: mutationBeyondSql({
            input: z.object({ integrationId: z.string() }),
            run: async ({ integrations }, settings, { integrationId }) => ({
              id: integrationId,
              ...(await integrations.test(settings, integrationId)),
            }),
            fields: ["passed", "reason", "hint"],
            row: { name: "organizationIntegration", resource: integrations },
          }),
        },
      },
    },
  };
}, "IntegrationsPlugin");

export default plugin;
