# The solver plug-in libpagu_cbc.so: COIN-OR's CBC and CLP (EPL-1.0) stay outside of libpagu, which loads
# it when optimise is first called.
set(PAGU_CBC AUTO CACHE STRING "Build the optimiser's plug-in: AUTO (if CBC is there), ON, OFF")
set_property(CACHE PAGU_CBC PROPERTY STRINGS AUTO ON OFF)

if(PAGU_CBC)
  pkg_check_modules(CBC IMPORTED_TARGET cbc)
  pkg_check_modules(CLP IMPORTED_TARGET clp)
  if(CBC_FOUND AND CLP_FOUND)
    add_library(pagu_cbc MODULE ${CMAKE_SOURCE_DIR}/src/cbc/cbc.c)
    target_include_directories(pagu_cbc PRIVATE ${CMAKE_SOURCE_DIR}/src)
    target_compile_definitions(pagu_cbc PRIVATE _GNU_SOURCE COIN_CBC_VERSION="${CBC_VERSION}")
    target_link_libraries(pagu_cbc PRIVATE PkgConfig::CBC PkgConfig::CLP Threads::Threads)
    set_target_properties(pagu_cbc PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  elseif(PAGU_CBC STREQUAL "ON")
    message(FATAL_ERROR "PAGU_CBC is ON, but CBC or CLP is missing: install coinor-libcbc-dev and coinor-libclp-dev")
  else()
    message(STATUS "pagu: no CBC/CLP, so s:optimise will have no solver; install coinor-libcbc-dev and coinor-libclp-dev")
  endif()
endif()

# Where an installed program looks for it.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/solve/solver_load.c PROPERTIES
                            COMPILE_DEFINITIONS PAGU_LIBDIR="${CMAKE_INSTALL_LIBDIR}")
