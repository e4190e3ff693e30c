-- The name of a person goes into mails, to whatever address somebody wrote beside it: it leads nowhere. FND-35, APT-05.
-- Mail readers turn more into links than what begins with http, so anything that looks like a scheme, a path, an address
-- or a domain is refused, and so is a number to call. An abbreviation before a name is written with a space: "Dr. Ion".

create or replace function app_private.require_no_link(field text, text text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Full-width and ideographic signs are read as the plain ones.
  v_text text := lower(translate(normalize(require_no_link.text, NFKC), '。․', '..'));
begin
  if v_text ~ '[:/\\@]'
    or v_text ~ '(^|[^[:alnum:]])www[.]'
    or v_text ~ '[[:alnum:]][.][[:alpha:]]{2}'
    or v_text ~ '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+'
    or v_text ~ 'https?'
    or v_text ~ '([[:digit:]][ ()-]*){6}'
  then
    perform app_hidden.refuse('VALIDATION', 'link_in_text', jsonb_build_object('field', require_no_link.field));
  end if;
end;
$$;

comment on function app_private.require_no_link is
  'Refuses, with VALIDATION link_in_text, what a mail reader could turn into a link, and a number to call.';
grant execute on function app_private.require_no_link to app_engine;
