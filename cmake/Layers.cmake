# A layer is a folder of src/ compiled once into objects. DEPENDS gives the layers below;
# a static library per layer lets tests link exactly what they test.
function(pagu_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.c)
  add_library(pagu_${name} STATIC ${sources})
  target_include_directories(pagu_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>)
  target_compile_definitions(pagu_${name} PRIVATE PAGU_VERSION="${PROJECT_VERSION}" _GNU_SOURCE)
  foreach(lower ${ARG_DEPENDS})
    target_link_libraries(pagu_${name} PUBLIC pagu_${lower})
  endforeach()
  target_link_libraries(pagu_${name} PRIVATE ${ARG_LIBRARIES})
endfunction()

# Sources of the engine layers and their libraries, into one library target.
function(pagu_engine target)
  foreach(layer base plan scenario calc solve io)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${layer}/*.c)
    target_sources(${target} PRIVATE ${sources})
  endforeach()
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_compile_definitions(${target} PRIVATE PAGU_VERSION="${PROJECT_VERSION}" _GNU_SOURCE)
  target_link_libraries(${target} PRIVATE PkgConfig::CJSON PkgConfig::UTF8PROC PkgConfig::XLSXWRITER PkgConfig::ZIP
                        PkgConfig::EXPAT PkgConfig::SQLITE Threads::Threads m)
  set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)
endfunction()
