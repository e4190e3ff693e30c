-- One name for each type: browsers and scanners write several. FND-13.

create or replace function app_private.known_content_type(content_type text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case named.name
    when 'image/jpg' then 'image/jpeg'
    when 'image/pjpeg' then 'image/jpeg'
    when 'image/jfif' then 'image/jpeg'
    when 'image/x-png' then 'image/png'
    when 'application/x-pdf' then 'application/pdf'
    else named.name
  end
  from (values (app_hidden.ascii_lower(btrim(split_part(known_content_type.content_type, ';', 1))))) as named (name);
end;

comment on function app_private.known_content_type is
  'The registered name of a media type, in lower case and without parameters: image/jpg is image/jpeg.';
grant execute on function app_private.known_content_type to app_engine;
