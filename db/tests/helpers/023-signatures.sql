-- Links, kiosks and signatures in one line each. What the server knows of a token is its digest: here it is made of the name.
-- CNS-05, CNS-06.

create or replace function tests.signature_link(
  name text, form text, kind text default 'link', signature text default null, identify_by text default 'birth_date',
  caregiver text default null, lasts interval default '1 day'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_form app_public.forms;
  v_id uuid;
begin
  select f.* into strict v_form from app_public.forms f where f.id = tests.id(signature_link.form);
  insert into app_public.signature_links
    (organization_id, form_id, kind, signature, identify_by, caregiver_id, token_hash, code_hash, created_by, expires_at, created_at)
  select v_form.organization_id, v_form.id, signature_link.kind,
         coalesce(signature_link.signature, case signature_link.kind when 'kiosk' then 'drawn' else 'typed' end),
         case when signature_link.kind = 'link' then signature_link.identify_by end,
         case when signature_link.caregiver is not null then tests.id(signature_link.caregiver) end,
         sha256(convert_to(signature_link.name, 'UTF8')),
         case when signature_link.kind = 'link' and signature_link.identify_by = 'code' then sha256('123456') end,
         m.human_id, app_hidden.now() + signature_link.lasts, app_hidden.now()
  from app_public.memberships m where m.organization_id = v_form.organization_id order by m.id limit 1
  returning id into strict v_id;
  return tests.remember(signature_link.name, v_id);
end;
$$;

comment on function tests.signature_link(text, text, text, text, text, text, interval) is
  'An open link or kiosk of a form. tests.at_link(name) comes with its token.';

-- Comes with the token of a link, and with the session that somebody got by it, if there is one.
create or replace function tests.at_link(name text, session text default '', id uuid default null, form uuid default null, kind text default null)
returns void
language plpgsql volatile
as $$
declare
  v_link record;
begin
  perform tests.act_as('the database');
  select l.* into strict v_link from app_public.signature_links l where l.id = tests.id(at_link.name);
  perform tests.become('app_link');
  perform set_config('app.link_kind', coalesce(at_link.kind, v_link.kind), true);
  perform set_config('app.link_id', coalesce(at_link.id, v_link.id)::text, true);
  perform set_config('app.link_form_id', coalesce(at_link.form, v_link.form_id)::text, true);
  perform set_config('app.link_token_hash', encode(sha256(convert_to(at_link.name, 'UTF8')), 'hex'), true);
  perform set_config('app.link_session_hash',
    case when at_link.session <> '' then encode(sha256(convert_to(at_link.session, 'UTF8')), 'hex') else '' end, true);
end;
$$;

comment on function tests.at_link(text, text, uuid, uuid, text) is 'Becomes the holder of a link or kiosk, with a session where one is named.';

create or replace function tests.identified(name text, session text default 'session') returns void
language plpgsql volatile
as $$
begin
  perform tests.at_link(identified.name);
  perform app_hidden.identify_at_link('1980-05-17', sha256('123456'), sha256(convert_to(identified.session, 'UTF8')));
  perform tests.at_link(identified.name, identified.session);
end;
$$;

comment on function tests.identified(text, text) is 'Becomes the holder of a link who said who they are.';

-- The hash of the text that a form shows.
create or replace function tests.text_hash(form text, locale text default 'ro') returns text
language sql stable security definer
as $$
  select app_private.hex_digest(app_private.shown_text(f, text_hash.locale)) from app_public.forms f where f.id = tests.id(text_hash.form);
$$;

comment on function tests.text_hash(text, text) is 'What a page that shows the form sends back with a signature.';

create or replace function tests.png() returns bytea
language sql immutable
as $$ select '\x89504e470d0a1a0a'::bytea || sha256('pixels') $$;
