-- A draft of a template, and what a component says, are sound whenever they are saved; key and kind stay. DOC-01.

set role app_engine;

create or replace function app_private.tg_pdf_templates__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (new.key, new.kind) <> (old.key, old.kind) then
    perform app_hidden.refuse('IMMUTABLE', 'key_stays', '{"field": "key"}');
  end if;
  perform app_private.refuse_problems('content_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      new.organization_id, new.kind, new.editor_state, coalesce(to_jsonb(new) -> 'layout_config', '{}')) as problem));
  if tg_table_name = 'pdf_template_components' and (tg_op = 'INSERT' or new.editor_state <> old.editor_state) then
    new.version := new.version + 1;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_pdf_templates__check is
  'VALIDATION content_not_valid with each place; IMMUTABLE key_stays; counts the versions of a component. Trigger _300_check.';

reset role;
