import "postgraphile";
import { constant, context, lambda, object, type Step, sideEffect } from "grafast";
import { extendSchema, gql } from "postgraphile/utils";
import type { FileRow, Files } from "../files/index.ts";
import type { Settings } from "../identity/session.ts";

declare global {
  namespace Grafast {
    interface Context {
      files?: Files;
    }
  }
}

type FileStep = Step & { get(column: string): Step };

const columns = {
  organizationId: "organization_id",
  status: "status",
  filename: "filename",
  contentType: "content_type",
  sizeBytes: "size_bytes",
  sha256: "sha256",
  objectKey: "object_key",
  uploadedKey: "uploaded_key",
  uploadedBy: "uploaded_by",
  expiresAt: "expires_at",
} as const satisfies Record<keyof FileRow, string>;

/**
 * What files need beyond SQL (FND-13): URLs of the object store, signed for this answer and kept nowhere, and
 * the confirmation that looks at the bytes. Whoever gets the row gets the URL, so the policies of
 * app_public.files decide both; a page is what bounds how many are signed.
 */
export const FileUrlsPlugin: GraphileConfig.Plugin = extendSchema((build) => {
  const { files } = build.pgResources;
  if (!files) throw new Error("app_public.files is not in the schema");
  return {
    typeDefs: gql`
      """A header that has to be sent with the bytes, as it stands."""
      type FileUploadHeader {
        name: String!
        value: String!
      }

      """How to send the bytes of a pending file: a PUT of exactly these bytes with these headers."""
      type FileUpload {
        url: String!
        headers: [FileUploadHeader!]!
        """Ask for the file again when it has passed."""
        expiresAt: Datetime!
      }

      """Where the bytes of a file are for a few minutes, as an attachment under its name."""
      type FileDownload {
        url: String!
        expiresAt: Datetime!
      }

      extend type File {
        """How to send the bytes. For the uploader, while the file is pending; null otherwise."""
        upload: FileUpload
        """Where the bytes are. Null until the file is confirmed."""
        download: FileDownload
      }

      input ConfirmUploadInput {
        """Comes back unchanged in the payload."""
        clientMutationId: String
        fileId: UUID!
      }

      type ConfirmUploadPayload {
        clientMutationId: String
        result: File
        query: Query
      }

      extend type Mutation {
        """
        Checks the bytes that were uploaded (type, structure, size, SHA-256) and makes them a file. Refuses with
        VALIDATION file_rejected (details.rejection says why; such a file is over), STATE nothing_uploaded, GONE
        upload_expired or NOT_FOUND. A second time answers the same.
        """
        confirmUpload(input: ConfirmUploadInput!): ConfirmUploadPayload
      }
    `,
    objects: {
      File: {
        plans: {
          upload($file: FileStep) {
            return lambda([context().get("files"), settings(), rowOf($file)] as never, signUpload);
          },
          download($file: FileStep) {
            return lambda([context().get("files"), rowOf($file)] as never, signDownload);
          },
        },
      },
      Mutation: {
        plans: {
          confirmUpload(_$root: Step, { $input }: { $input: Step & { get(name: string): Step } }) {
            const $id = $input.get("fileId");
            sideEffect([context().get("files"), settings(), $id] as never, confirm);
            return object({
              clientMutationId: $input.get("clientMutationId"),
              result: files.get({ id: $id } as never),
              query: constant(true),
            });
          },
        },
      },
    },
  } as never;
}, "FileUrlsPlugin");

function settings(): Step {
  return context().get("pgSettings" as never);
}

function rowOf($file: FileStep): Step {
  return object(
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, $file.get(column)])),
  );
}

const signUpload = ([files, mine, file]: readonly [Files, Settings, FileRow]) => files.upload(mine, file);
const signDownload = ([files, file]: readonly [Files, FileRow]) => files.download(file);
const confirm = ([files, mine, fileId]: readonly [Files, Settings, string]) => files.confirm(mine, fileId);
