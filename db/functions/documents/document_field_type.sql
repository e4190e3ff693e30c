-- The type of a field where it stands: of the catalog, of the inputs of the template, or of the collection that is gone through. DOC-01.

create or replace function app_private.document_field_type(code text, scope jsonb) returns text
language sql stable
set search_path = ''
return case
  when code like 'item.%' and scope ->> 'collection' like 'input.%' then
    scope -> 'inputs' -> substr(scope ->> 'collection', 7) -> 'columns' ->> substr(code, 6)
  when code like 'input.%' then
    case scope -> 'inputs' -> substr(code, 7) ->> 'type' when 'choice' then 'text' when 'rows' then 'collection'
      else scope -> 'inputs' -> substr(code, 7) ->> 'type' end
  else (
    select document_fields.type from app_private.document_fields
    where document_fields.code = case when document_field_type.code like 'item.%'
        then (scope ->> 'collection') || substr(document_field_type.code, 5) else document_field_type.code end
      and (document_fields.collection is null) = (document_field_type.code not like 'item.%')
      and scope ->> 'kind' = any (document_fields.kinds))
end;

comment on function app_private.document_field_type is 'The type of a field of documents in a scope of walk_document(); null where it is not known there.';
grant execute on function app_private.document_field_type to app_engine;

create or replace function app_private.document_formats(type text) returns text[]
language sql immutable parallel safe
set search_path = ''
return case document_formats.type
  when 'date' then '{date,date_long}'::text[]
  when 'instant' then '{date,date_long,time,date_time}'
  when 'number' then '{number,number_1,number_2}'
  when 'money' then '{money}'
  else '{}' end;

comment on function app_private.document_formats is 'How a value of a type can be written in a document; the first one is meant where none is said.';
grant execute on function app_private.document_formats to app_engine;
