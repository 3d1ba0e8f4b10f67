# Every schema/*.schema.json as bytes in one generated C file, for `pagu schema`.
function(pagu_embed_schemas target_var dir)
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.schema.json)
  list(SORT sources)
  set(out ${CMAKE_BINARY_DIR}/generated/cli_schemas.c)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_schemas.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DSOURCES=${sources}" -P ${script}
    DEPENDS ${sources} ${script}
    COMMENT "Embedding JSON schemas" VERBATIM)
  set(${target_var} ${out} PARENT_SCOPE)
endfunction()
