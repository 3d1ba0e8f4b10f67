# `cmake --install`: program, library, headers, Lua module and stubs, package files.
include(CMakePackageConfigHelpers)

install(TARGETS pagu EXPORT paguTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS pagu-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS pagu-lua LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lua/5.4)
if(TARGET pagu_cbc)
  install(TARGETS pagu_cbc LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/pagu)
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/lua/meta/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/meta)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schema/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/schema)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/scenarios)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/templates/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/templates)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pagu/examples)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pagu)
install(EXPORT paguTargets NAMESPACE pagu:: DESTINATION ${config_dir})
configure_package_config_file(cmake/paguConfig.cmake.in paguConfig.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(paguConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/paguConfig.cmake ${CMAKE_BINARY_DIR}/paguConfigVersion.cmake DESTINATION ${config_dir})

# The prefix is found from where pagu.pc lies, so that `cmake --install --prefix` may choose it.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE libdir)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE includedir)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig OUTPUT_VARIABLE up)
if(NOT BUILD_SHARED_LIBS) # a static libpagu leaves its libraries to whoever links it
  set(below " -pthread -lm\nRequires: libcjson libutf8proc xlsxwriter libzip expat sqlite3")
endif()
configure_file(cmake/pagu.pc.in pagu.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/pagu.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
