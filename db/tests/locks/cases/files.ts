import type { LockArea } from "../lock_case.ts";

const filesOfTheService = "'files of service_attachments' || tests.id('massage at atlas')";
const requestUpload =
  "select app_public.request_upload('service_attachments', tests.id('massage at atlas'), 'a.png', 'image/png', 1000, encode(sha256('a'), 'hex'))";
const restore = "select app_public.restore_file(tests.id('old leaflet'))";

/** Uploads, and how many files a row holds. FND-10, FND-13, FND-27. */
export const files: LockArea = {
  furniture: `
    select tests.file('old leaflet', 'service_attachments', tests.id('massage at atlas'), 'adrian', status => 'deleted');
    select tests.file('older leaflet', 'service_attachments', tests.id('massage at atlas'), 'adrian', status => 'deleted')`,
  cases: [
    {
      lock: "app_private.require_upload_allowance: pg_advisory_xact_lock",
      as: "adrian",
      key: "'uploads of ' || tests.id('adrian')",
      call: requestUpload,
      limit: {
        of: "app_private.require_upload_allowance: too_many_open_uploads",
        another:
          "select app_public.request_upload('organization_logo', tests.id('atlas'), 'b.png', 'image/png', 1000, encode(sha256('b'), 'hex'))",
      },
    },
    {
      lock: "app_private.require_upload_allowance: pg_advisory_xact_lock (2)",
      as: "adrian",
      key: filesOfTheService,
      call: requestUpload,
      limit: {
        of: "app_private.require_upload_allowance: too_many_files",
        another: requestUpload.replace("a.png", "b.png"),
      },
    },
    {
      lock: "app_public.request_upload: app_private.require_upload_allowance",
      as: "adrian",
      key: filesOfTheService,
      call: requestUpload,
    },
    {
      lock: "app_private.own_upload: for update",
      as: "adrian",
      rows: "app_public.files where id = tests.id('half a leaflet of atlas')",
      call: "select app_hidden.upload_to_check(tests.id('half a leaflet of atlas'))",
    },
    {
      lock: "app_hidden.attach_upload: pg_advisory_xact_lock",
      as: "the database",
      key: filesOfTheService,
      call: "select tests.serve('adrian'); select app_hidden.attach_upload(tests.id('half a leaflet of atlas'))",
    },
    {
      lock: "app_public.delete_file: for update",
      as: "adrian",
      rows: "app_public.files where id = tests.id('leaflet of atlas')",
      call: "select app_public.delete_file(tests.id('leaflet of atlas'))",
    },
    {
      lock: "app_public.restore_file: for update",
      as: "adrian",
      rows: "app_public.files where id = tests.id('old leaflet')",
      call: restore,
    },
    {
      lock: "app_public.restore_file: pg_advisory_xact_lock",
      as: "adrian",
      key: filesOfTheService,
      call: restore,
      limit: {
        of: "app_public.restore_file: too_many_files",
        another: "select app_public.restore_file(tests.id('older leaflet'))",
      },
    },
    {
      lock: "app_private.expire_uploads: for update skip locked",
      as: "the worker",
      before: "select tests.freeze_time(app_hidden.now() + interval '2 days')",
      rows: "app_public.files where id = tests.id('half a leaflet of atlas')",
      leaves: "app_public.files where status = 'pending'",
      call: "select app_private.expire_uploads()",
    },
  ],
};
