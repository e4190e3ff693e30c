import "postgraphile";
import { extendSchema, gql } from "postgraphile/utils";
import { type BillingDetails, billingDetailsInput } from "../../billing_details/index.ts";
import { mutationBeyondSql } from "../beyond_sql.ts";

declare global {
  namespace Grafast {
    interface Services {
      billingDetails: BillingDetails;
    }
  }
}

/** What billing details need beyond SQL (BIL-10): the tax id is sealed before the database hears of it. */
const plugin: GraphileConfig.Plugin = extendSchema((build) => {
  const details = build.pgResources.organization_billing;
  if (!details) throw new Error("app_public.organization_billing is not in the schema");
  return {
    typeDefs: gql`
      input SaveOrganizationBillingInput {
        organizationId: UUID!
        """The name of the company, as the trade register has it."""
        legalName: String!
        street: String!
        city: String!
        """The county: Cluj, București."""
        county: String!
        """The postal code."""
        postalCode: String
        """Two capital letters, by ISO 3166: RO."""
        country: String!
        """Of the trade register: J40/1234/2020. A subscription needs one."""
        registrationNumber: String
        """It is sealed at once and shown by its end only. Without: the one that is there stays. A subscription needs one."""
        taxId: String
        """Where invoices, receipts and reminders of payment go."""
        billingEmail: Email!
        """Three capital letters, by ISO 4217: RON. A subscription keeps the one that it began with."""
        currency: String!
        """One of knownTimeZones. A subscription keeps the one that it began with."""
        timezone: TimeZone!
        """How often the price of the tier is billed."""
        cadence: Cadence!
      }

      type SaveOrganizationBillingPayload {
        """The billing details, as they are now."""
        organizationBilling: OrganizationBilling!
        query: Query!
      }

      extend type Mutation {
        """
        Says as whom the clinic is billed by the platform. Invoices that were issued keep what they say. Needs billing.manage, or a
        superadmin; VALIDATION tax_id_invalid; UNAVAILABLE kms_unavailable when the tax id cannot be sealed right now.
        """
        saveOrganizationBilling(input: SaveOrganizationBillingInput!): SaveOrganizationBillingPayload!
      }
    `,
    objects: {
      Mutation: {
        plans: {
          saveOrganizationBilling: mutationBeyondSql({
            input: billingDetailsInput,
            run: async ({ billingDetails }, settings, input) => ({
              id: await billingDetails.save(settings, input),
            }),
            row: { name: "organizationBilling", resource: details, key: "organization_id" },
          }),
        },
      },
    },
  };
}, "BillingDetailsPlugin");

export default plugin;
