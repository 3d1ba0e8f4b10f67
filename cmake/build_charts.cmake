# cmake -DSRC=report-js -DDIR=build/report-js -DOUT=charts.min.js -DNODE= -DNPM= -DMODE=AUTO|ON -P build_charts.cmake
# Installs the locked packages into the build tree and bundles. Where they can't be had (no network),
# MODE AUTO warns and leaves an empty file, which means static charts; ON stops. A bundle that can't
# be made of packages that are there is a fault and always stops.
file(MAKE_DIRECTORY ${DIR})
foreach(file package.json package-lock.json .npmrc entry.js build.mjs)
  file(COPY ${SRC}/${file} DESTINATION ${DIR})
endforeach()

function(give_up what)
  if(NOT MODE STREQUAL "AUTO")
    message(FATAL_ERROR "interactive charts: ${what}")
  endif()
  message(WARNING "interactive charts: ${what}\nCharts will be static; remove ${OUT} to try again.")
  file(WRITE ${OUT} "")
endfunction()

execute_process(COMMAND ${NPM} ci --prefer-offline --no-progress --fetch-retries=1 WORKING_DIRECTORY ${DIR}
                RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 300)
if(failed)
  give_up("npm ci failed\n${output}")
  return()
endif()
execute_process(COMMAND ${NODE} build.mjs ${OUT} WORKING_DIRECTORY ${DIR}
                RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 300)
if(failed)
  message(FATAL_ERROR "interactive charts: the bundle can't be built\n${output}")
endif()
foreach(package echarts zrender tslib)
  foreach(name LICENSE LICENSE.txt NOTICE)
    if(EXISTS ${DIR}/node_modules/${package}/${name})
      configure_file(${DIR}/node_modules/${package}/${name} ${DIR}/notices/${package}-${name} COPYONLY)
    endif()
  endforeach()
endforeach()
