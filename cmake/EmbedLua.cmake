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
