-- What helps whoever sent a file that is not taken: why it is not, and what to do. FND-13.

create or replace function app_private.rejection_hint(rejection text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case rejection_hint.rejection
    when 'type_mismatch' then 'The bytes are of another type than announced. Send the file under its own type and ending.'
    when 'second_type' then 'The file holds another one, or a web page, too. Save or print it anew and send that; a photo that '
      'moves, without its film.'
    when 'malformed' then 'The file is damaged. Open it, save it anew and send that.'
    when 'truncated' then 'The end of the file is missing. Copy or download it once more and send that.'
    when 'heic' then 'This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible, '
      'or share the photo with the option Most Compatible.'
    when 'encrypted' then 'The PDF asks for a password. Print it to a new PDF without one and send that.'
    when 'scripts' then 'The PDF holds a program (JavaScript or an action that starts by itself). Print it to a new PDF and send that.'
    when 'launches' then 'The PDF starts programs, or opens other files or pages by itself. Print it to a new PDF and '
      'send that.'
    when 'attachments' then 'The PDF holds other files. Send each as a file of its own, or print it to a new PDF.'
    when 'submits' then 'The PDF sends what is filled in to somebody. Print it to a new PDF and send that.'
    when 'media' then 'The PDF holds film, sound or 3D. Print it to a new PDF and send that.'
    when 'dynamic_form' then 'The PDF is an XFA form, which only few programs show. Print it to a new PDF and send that.'
    when 'inflates_too_far' then 'The file unpacks to more than 128 MB in one piece, 512 MB in all, or more than it says. Send it '
      'with fewer or smaller pictures.'
    when 'too_many_pixels' then 'The picture is too large: up to 120 megapixels, and as PNG up to 64 MB unpacked. Make it smaller, '
      'or send it as JPEG.'
    when 'too_complex' then 'The PDF has more than 250,000 parts, or parts within parts too deep. Print it to a new PDF and send that.'
    when 'size_mismatch' then 'There are more or fewer bytes than announced. Request another upload.'
    when 'digest_mismatch' then 'The bytes are others than announced. Request another upload.'
    else 'The bytes are not what was announced. Request another upload.'
  end;
end;

comment on function app_private.rejection_hint is 'Why a file was rejected and what helps, for people; one for each rejection.';
grant execute on function app_private.rejection_hint to app_engine;
