import type { LockArea } from "../lock_case.ts";

const form = (name: string) => `app_public.forms where id = tests.id('${name} to sign')`;
const link = "app_public.signature_links where id = tests.id('link to lock')";
const atLink = "select tests.at_link('link to lock', 'session')";
const sign = `select app_public.sign_form(tests.id('typed to sign'), tests.text_hash('typed to sign'), 'ro', 'Ana', true)`;
const send = "select * from app_hidden.link_to_send(tests.id('sent to sign'), 'remote_link')";

/** Forms that are signed, their links, and signatures of specialists. CNS-04, CNS-05, CNS-06, CNS-07, SPC-04. */
export const signatures: LockArea = {
  furniture: `
    select set_config('tests.clinic', 'atlas', true);
    select tests.form_template(m, jsonb_build_array(tests.form_item('pain', 'text')), signature_mode => w) from (values ('typed', 'click_typed'), ('sent', 'remote_link')) as modes (m, w);
    select tests.form('typed to sign', 'ana', 'typed'), tests.form('sent to sign', 'ana', 'sent'), tests.form('other to sign', 'ana', 'sent');
    select tests.signature_link('link to lock', 'sent to sign'), tests.signature_link('other to lock', 'other to sign');
    update app_public.signature_links set session_hash = sha256('session'), session_ends_at = expires_at where id = tests.id('link to lock')`,
  cases: [
    { lock: "app_private.sign: for no key update", as: "ana", rows: form("typed"), call: sign },
    {
      lock: "app_private.record_signature_event: pg_advisory_xact_lock",
      as: "ana",
      key: "'signature events of ' || tests.id('typed to sign')",
      call: sign,
    },
    {
      lock: "app_private.refuse_form: for no key update",
      as: "ana",
      rows: form("typed"),
      call: "select app_public.refuse_to_sign(tests.id('typed to sign'))",
    },
    {
      lock: "app_private.locked_form_to_send: for update",
      as: "olga",
      rows: form("sent"),
      call: send,
      limit: {
        of: "app_hidden.send_signature_link: link_sent_often",
        another:
          "select app_hidden.send_signature_link(uuidv7(), tests.id('sent to sign'), sha256('l'), 's', null, 'birth_date')",
      },
    },
    {
      lock: "app_private.take_back_link: for update",
      as: "olga",
      rows: link,
      call: "select app_public.revoke_signature_link(tests.id('sent to sign'))",
    },
    {
      lock: "app_hidden.identify_at_link: for update",
      as: "a link",
      before: atLink,
      rows: link,
      call: "select app_hidden.identify_at_link('1980-05-17', null, sha256('s'))",
    },
    {
      lock: "app_hidden.save_at_link: for update",
      as: "a link",
      before: atLink,
      rows: form("sent"),
      call: "select app_hidden.save_at_link('{}')",
    },
    {
      lock: "app_private.expire_signature_links: for update skip locked",
      as: "the worker",
      before: "select tests.freeze_time(now() + interval '2 days')",
      rows: link,
      leaves: "app_public.signature_links where status = 'open'",
      call: "select app_private.expire_signature_links()",
    },
    {
      lock: "app_public.set_specialist_signature: for update",
      as: "adrian",
      rows: "app_public.specialists where id = tests.id('stefan')",
      call: "select app_public.set_specialist_signature(tests.id('stefan'))",
    },
  ],
};
