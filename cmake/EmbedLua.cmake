# Every lua/pagu/**.lua as bytes in one generated C file, so that program and module need no
# search path. target_var receives the file; it is made again when a Lua file changes.
function(pagu_embed_lua target_var dir)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.lua)
  list(SORT sources)
  set(out ${CMAKE_BINARY_DIR}/generated/bind_modules.c)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_lua.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DDIR=${dir} -DOUT=${out} "-DSOURCES=${sources}" -P ${script}
    DEPENDS ${sources} ${script}
    COMMENT "Embedding Lua modules" VERBATIM)
  set(${target_var} ${out} PARENT_SCOPE)
endfunction()

# Every templates/*.json likewise, for the importer: part of the io layer and of libpagu.
function(pagu_embed_templates target_var dir)
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.json)
  list(SORT sources)
  set(out ${CMAKE_BINARY_DIR}/generated/import_templates.c)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DSOURCES=${sources}" -P ${script}
    DEPENDS ${sources} ${script}
    COMMENT "Embedding import templates" VERBATIM)
  add_custom_target(pagu_import_templates DEPENDS ${out})
  set(${target_var} ${out} PARENT_SCOPE)
endfunction()
