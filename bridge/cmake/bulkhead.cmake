# What the rooms share: flags, how a library is built and installed, how an example is built.

# The version stands in project(); the header repeats it for programs and must not differ.
function(bulkhead_check_version)
    file(STRINGS "${PROJECT_SOURCE_DIR}/bridge/include/bulkhead/version.h" lines REGEX "define BH_VERSION_")
    foreach(pair "MAJOR ${PROJECT_VERSION_MAJOR}" "MINOR ${PROJECT_VERSION_MINOR}"
                 "PATCH ${PROJECT_VERSION_PATCH}" "STRING \"${PROJECT_VERSION}\"")
        if(NOT "${lines};" MATCHES "define BH_VERSION_${pair};")
            message(FATAL_ERROR "bridge/include/bulkhead/version.h must say BH_VERSION_${pair}, as project() does")
        endif()
    endforeach()
    set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                 "${PROJECT_SOURCE_DIR}/bridge/include/bulkhead/version.h")
endfunction()

# Language, warnings and sanitizers of everything that is compiled here.
function(bulkhead_flags target)
    set_target_properties(${target} PROPERTIES
        C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
        CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wundef -Wvla -Wpointer-arith -Wwrite-strings
        $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>
        $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
        $<$<BOOL:${BULKHEAD_WERROR}>:-Werror>)
    if(BULKHEAD_SANITIZE)
        set(sanitize -fsanitize=${BULKHEAD_SANITIZE} -fno-sanitize-recover=all)
        target_compile_options(${target} PRIVATE ${sanitize} -fno-omit-frame-pointer)
        target_link_options(${target} PRIVATE ${sanitize})
    endif()
    # Instrumentation without libFuzzer's main, which only the fuzzers link.
    if(BULKHEAD_LIBFUZZER)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()

# bulkhead_library(NAME DESCRIPTION text SOURCES file... [HEADERS dir] [PUBLIC library...] [PRIVATE library...]
#                  [PRIVATE_LIBS -lflag...])
# A shared library that exports bh_* only, with pkg-config file and CMake package.
# HEADERS is the include folder it brings; PRIVATE_LIBS says for pkg-config what PRIVATE says for CMake.
# A library whose folders are still empty is not built.
function(bulkhead_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION;HEADERS" "SOURCES;PUBLIC;PRIVATE;PRIVATE_LIBS")
    if(NOT arg_SOURCES)
        message(STATUS "${name}: no sources yet, not built")
        return()
    endif()

    add_library(${name} SHARED ${arg_SOURCES})
    add_library(Bulkhead::${name} ALIAS ${name})
    bulkhead_flags(${name})
    set_target_properties(${name} PROPERTIES
        VERSION ${PROJECT_VERSION} SOVERSION 0
        C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        LINK_DEPENDS "${PROJECT_SOURCE_DIR}/bridge/cmake/bulkhead.map"
        INSTALL_RPATH "$ORIGIN") # they find each other also under a prefix the loader does not know
    target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/bridge")
    target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    target_link_options(${name} PRIVATE "LINKER:--version-script=${PROJECT_SOURCE_DIR}/bridge/cmake/bulkhead.map")
    if(NOT BULKHEAD_SANITIZE) # clang leaves the sanitizer's own symbols to the program
        target_link_options(${name} PRIVATE LINKER:-z,defs)
    endif()
    if(arg_HEADERS)
        target_include_directories(${name} PUBLIC
            "$<BUILD_INTERFACE:${arg_HEADERS}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
        install(DIRECTORY "${arg_HEADERS}/bulkhead" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
                FILES_MATCHING PATTERN "*.h")
    endif()
    target_link_libraries(bulkhead-all INTERFACE ${name})
    bulkhead_install_library(${name})
endfunction()

# Called by bulkhead_library, in whose scope the arg_ variables are.
function(bulkhead_install_library name)
    install(TARGETS ${name} EXPORT ${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")

    set(cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/${name}")
    set(dependencies "")
    foreach(dependency ${arg_PUBLIC})
        string(APPEND dependencies
               "find_dependency(${dependency} CONFIG HINTS \"\${CMAKE_CURRENT_LIST_DIR}/../${dependency}\")\n")
    endforeach()
    configure_package_config_file("${PROJECT_SOURCE_DIR}/bridge/cmake/config.cmake.in" ${name}-config.cmake
                                  INSTALL_DESTINATION "${cmake_dir}")
    write_basic_package_version_file(${name}-config-version.cmake COMPATIBILITY SameMinorVersion)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}-config.cmake"
                  "${CMAKE_CURRENT_BINARY_DIR}/${name}-config-version.cmake" DESTINATION "${cmake_dir}")
    install(EXPORT ${name} NAMESPACE Bulkhead:: FILE ${name}-targets.cmake DESTINATION "${cmake_dir}")

    # Relative to the .pc file, so that an installed tree can be moved.
    set(root "/bulkhead-prefix")
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY "${root}" OUTPUT_VARIABLE libdir)
    cmake_path(RELATIVE_PATH root BASE_DIRECTORY "${libdir}/pkgconfig" OUTPUT_VARIABLE up)
    list(JOIN arg_PUBLIC " " requires)
    list(JOIN arg_PRIVATE_LIBS " " libs_private)
    configure_file("${PROJECT_SOURCE_DIR}/bridge/cmake/package.pc.in" ${name}.pc @ONLY)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

# bulkhead_examples(LIBRARY [PLAIN library stem...]): every examples/*.c of the room is a program, BUILD/ROOM/examples/example_NAME.
# They may use all libraries, but wait for their own. What PLAIN names links its one library only, and is built without Qt too.
function(bulkhead_examples library)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PLAIN")
    list(POP_FRONT arg_PLAIN plain_library)
    file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/examples/*.c")
    foreach(file ${files})
        cmake_path(GET file STEM stem)
        set(link bulkhead-all)
        if(stem IN_LIST arg_PLAIN)
            set(link ${plain_library})
        elseif(NOT BULKHEAD_QT OR NOT TARGET ${library})
            continue()
        endif()
        add_executable(example_${stem} "${file}")
        bulkhead_flags(example_${stem})
        target_link_libraries(example_${stem} PRIVATE ${link})
        set_target_properties(example_${stem} PROPERTIES
                              RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/examples")
        add_dependencies(programs example_${stem})
        set_property(GLOBAL APPEND PROPERTY BULKHEAD_EXAMPLES example_${stem})
    endforeach()
endfunction()
