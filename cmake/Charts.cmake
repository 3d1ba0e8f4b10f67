# The script that makes charts of HTML reports interactive: report-js/ bundled by npm and esbuild
# into the build tree, and held inside the program (src/bind/bind_charts.c), so that a report needs
# no file beside it. Without npm, or offline, charts stay static pictures and all else works.
set(PAGU_CHARTS AUTO CACHE STRING "Interactive charts in HTML reports: ON, OFF, or AUTO (if npm is there)")
set_property(CACHE PAGU_CHARTS PROPERTY STRINGS AUTO ON OFF)

set(pagu_charts_dir ${CMAKE_BINARY_DIR}/report-js)
set(pagu_charts_file ${pagu_charts_dir}/charts.min.js)
set(pagu_charts_source ${CMAKE_SOURCE_DIR}/src/bind/bind_charts.c)
set(pagu_charts_on OFF)

if(PAGU_CHARTS)
  find_program(PAGU_NODE node)
  find_program(PAGU_NPM npm)
  if(PAGU_NODE AND PAGU_NPM)
    set(pagu_charts_on ON)
  elseif(NOT PAGU_CHARTS STREQUAL "AUTO")
    message(FATAL_ERROR "PAGU_CHARTS=${PAGU_CHARTS} needs node and npm; leave it AUTO or OFF for static charts")
  else()
    message(STATUS "node or npm not found: charts of HTML reports will be static")
  endif()
endif()

if(pagu_charts_on)
  set(pagu_charts_inputs)
  foreach(file package.json package-lock.json .npmrc entry.js build.mjs)
    list(APPEND pagu_charts_inputs ${CMAKE_SOURCE_DIR}/report-js/${file})
  endforeach()
  add_custom_command(OUTPUT ${pagu_charts_file}
    COMMAND ${CMAKE_COMMAND} -DSRC=${CMAKE_SOURCE_DIR}/report-js -DDIR=${pagu_charts_dir} -DOUT=${pagu_charts_file}
            -DNODE=${PAGU_NODE} -DNPM=${PAGU_NPM} -DMODE=${PAGU_CHARTS} -P ${CMAKE_SOURCE_DIR}/cmake/build_charts.cmake
    DEPENDS ${pagu_charts_inputs} ${CMAKE_SOURCE_DIR}/cmake/build_charts.cmake
    COMMENT "Bundling interactive charts" VERBATIM)
  add_custom_target(pagu_charts DEPENDS ${pagu_charts_file})
  set_source_files_properties(${pagu_charts_source} PROPERTIES
    COMPILE_DEFINITIONS PAGU_CHARTS_FILE="${pagu_charts_file}" OBJECT_DEPENDS ${pagu_charts_file})
  install(FILES ${pagu_charts_file} DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/report OPTIONAL)
  install(DIRECTORY ${pagu_charts_dir}/notices/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/report OPTIONAL)
endif()
