# frozen_string_literal: true

require 'digest'
require 'fileutils'
require 'json'
require 'net/http'
require 'openssl'
require 'timeout'
require 'uri'

# A Hiera 5 `data_hash` backend: all values of one machine from a Headwater server, with one request a catalog.
#
# In hiera.yaml, `uri` stands beside `data_hash` (Puppet reserves the name under `options`):
#
#     - name: Headwater
#       data_hash: headwater::data
#       uri: "http://127.0.0.1:8470/hiera/%{trusted.certname}"
#       options: {token_file: /etc/puppetlabs/headwater.token}
#
# Everything that is not a whole document fails the catalog: going on would compile it with the modules' defaults. Two
# exceptions have to be asked for: `missing: skip` goes on to the next level for a machine that the server does not know
# (404), and `cache` lets the last document serve while the server cannot answer.
# Puppet resolves `%{...}` in what this returns; the server escapes what is meant literally.
Puppet::Functions.create_function(:'headwater::data') do
  # @param options the entry's `uri`, and of its options
  #   `token` or `token_file` (a file with the token alone), or else HEADWATER_TOKEN or client.conf;
  #   `ca`, `cert`, `key` (PEM files); `timeout` (seconds for the whole request, 5 unless given);
  #   `missing` (what a 404 does: `refuse` unless given, or `skip`);
  #   `cache` (a folder for the last documents) and `max_age` (seconds for which one serves, 3600 unless given), or else
  #   those of client.conf.
  # @return every key of the machine's `vars`, `lookup_options` and `headwater`; a kept document has
  #   `headwater.stale: true`.
  # @raise Puppet::DataBinding::LookupError when there is no answer or not a good one.
  dispatch :data do
    param 'Struct[{
      uri                  => String[1],
      Optional[token]      => String[1],
      Optional[token_file] => String[1],
      Optional[ca]         => String[1],
      Optional[cert]       => String[1],
      Optional[key]        => String[1],
      Optional[timeout]    => Numeric,
      Optional[missing]    => Enum[refuse, skip],
      Optional[cache]      => String[1],
      Optional[max_age]    => Integer[0]
    }]', :options
    param 'Puppet::LookupContext', :context
  end

  argument_mismatch :misconfigured do
    param 'Hash', :options
    param 'Puppet::LookupContext', :context
  end

  def data(options, context)
    # Puppet keeps a returned hash for the rest of the compilation, but asks again after a not_found.
    context.not_found if context.cache_has_key('unknown')

    uri = address(options)
    settings = settings(uri, options)
    copy = copy_of(uri, settings)
    response, silence = get(uri, settings)
    return fall_back(uri, silence, copy, context) unless response

    answered = "answered #{response.code}#{reason(response)}"
    case response.code
    when '200' then whole(uri, response.body, copy, context)
    when '404'
      # Another server's 404, or that of a wrong address, names no machine.
      return fall_back(uri, answered, copy, context) unless problem(response)['certname'] == certname(uri)

      missing(uri, answered, options, copy, context)
    when '408', '429', /\A5/ then fall_back(uri, answered, copy, context)
    when '401', '403' then refuse(uri, "#{answered}; #{settings['identity']}")
    else refuse(uri, answered)
    end
  end

  def misconfigured(options, _context)
    known = %w[uri token token_file ca cert key timeout missing cache max_age]
    unknown = options.keys - known
    return "headwater::data does not know the option '#{unknown.first}'; known are #{known.join(', ')}" if unknown.any?
    return "headwater::data needs 'uri' beside 'data_hash' in hiera.yaml" unless options.key?('uri')

    'headwater::data expects a number for timeout, whole seconds for max_age, "refuse" or "skip" for missing, and a ' \
      'text that is not empty for every other option'
  end

  def address(options)
    uri = URI(options['uri'])
    refuse(uri, 'is no http or https address') unless uri.is_a?(URI::HTTP) && uri.host
    refuse(uri, 'has a user and password in it, which are not sent; expected a token in token_file') if uri.userinfo
    refuse(uri, 'has no certname: what hiera.yaml interpolates there is empty') if uri.path.end_with?('/')
    uri
  end

  # The machine's name.
  def certname(uri)
    File.basename(uri.path)
  end

  # The response; or nil, and why there is none. A server that does not prove who it is has not failed to answer.
  def get(uri, settings)
    seconds = settings['timeout'] || 5
    request = Net::HTTP::Get.new(uri, 'Accept' => 'application/json', 'User-Agent' => 'headwater-hiera/0.1.0')
    request['Authorization'] = "Bearer #{settings['token']}" if settings['token']
    Timeout.timeout(seconds) { connected(uri, settings, seconds) { |http| http.request(request) } }
  rescue Timeout::Error
    [nil, "gave no answer within #{seconds} s"]
  rescue Errno::ENOENT, Errno::EACCES, Errno::EISDIR, ArgumentError => e
    refuse(uri, "could not be asked: #{e.message}")
  rescue OpenSSL::SSL::SSLError => e
    if e.message.match?(/certificate verify failed|does not match the server certificate/)
      refuse(uri, "is not trusted: #{e.message}; the option ca names a file of the authorities to trust")
    end
    [nil, "gave no answer: #{e.message}"]
  rescue SystemCallError, IOError, SocketError, OpenSSL::OpenSSLError, Net::ProtocolError, Net::HTTPBadResponse => e
    [nil, "gave no answer: #{e.message}"]
  end

  # Yields a connection, and keeps it for the next catalog: a puppetserver's threads live on. One that failed is not
  # kept, nor is one whose files have changed.
  def connected(uri, settings, seconds)
    files = settings.values_at('ca', 'cert', 'key').compact
    place = [uri.scheme, uri.hostname, uri.port, seconds, files.map { |file| [file, File.mtime(file)] }]
    thread = Thread.current
    known, http = thread.thread_variable_get(:headwater_connection)
    thread.thread_variable_set(:headwater_connection, nil)
    if known != place
      http&.finish
      http = connection(uri, settings, seconds).start
    end
    yield(http).tap { thread.thread_variable_set(:headwater_connection, [place, http]) }
  end

  def connection(uri, settings, seconds)
    http = Net::HTTP.new(uri.hostname, uri.port)
    http.open_timeout = http.read_timeout = seconds
    http.keep_alive_timeout = 30 # less than the 60 s after which the server ends an idle connection
    http.max_retries = 0
    return http unless uri.scheme == 'https'

    http.use_ssl = true
    http.verify_mode = OpenSSL::SSL::VERIFY_PEER
    use(settings, 'ca', 'certificate') { |file| http.cert_store = OpenSSL::X509::Store.new.tap { |store| store.add_file(file) } }
    use(settings, 'cert', 'certificate') { |file| http.cert = OpenSSL::X509::Certificate.new(File.read(file)) }
    return http unless http.cert

    holder = settings['key'] ? 'key' : 'cert'
    use(settings, holder, 'private key') { |file| http.key = OpenSSL::PKey.read(File.read(file)) }
    return http if http.cert.check_private_key(http.key)

    raise ArgumentError, "#{holder}=#{settings[holder]} is not the key of cert=#{settings['cert']}"
  end

  # Yields the file that a setting names, if it is set. OpenSSL does not say which file it cannot read.
  def use(settings, name, kind)
    file = settings[name] or return
    File.open(file, &:close)
    yield file
  rescue OpenSSL::OpenSSLError, ArgumentError => e
    raise ArgumentError, "#{name}=#{file} is no PEM file of a #{kind}: #{e.message}"
  end

  # What proves who asks and whom to believe, and what to keep: the entry's own options, or else the environment and
  # client.conf. In `identity` it is told for messages.
  def settings(uri, options)
    conf = options['cache'] && options['max_age'] ? {} : client_conf(true)
    conf.slice('cache', 'max_age').merge(proofs(options))
  rescue SystemCallError, ArgumentError => e
    refuse(uri, "could not be asked: #{e.message}")
  end

  def proofs(options)
    trust = { 'ca' => ENV['HEADWATER_CA'] }.reject { |_, file| file.to_s.empty? }
    given = trust.merge(options)
    if (file = options['token_file'])
      return given.merge('token' => File.read(file).strip, 'identity' => "the token is that of #{file}")
    end
    return given.merge('identity' => 'the token is that of the option token') if options['token']
    return given.merge('identity' => "the certificate is #{options['cert']}") if options['cert']

    token = ENV['HEADWATER_TOKEN'].to_s
    return client_conf(true).merge(given, 'token' => token, 'identity' => 'the token is that of HEADWATER_TOKEN') unless token.empty?

    conf = client_conf(false)
    conf.merge(given, 'identity' => identity(conf))
  end

  def identity(conf)
    return "the token is that of token= in #{conf_path}" if conf['token']
    return "the certificate is #{conf['cert']}" if conf['cert']

    "there is no token; token_file in hiera.yaml or token= in #{conf_path} gives one"
  end

  def conf_path
    ENV['HEADWATER_CONF'] || '/etc/headwater/client.conf'
  end

  # The KEY=VALUE lines of client.conf; nothing if the default file is missing, or cannot be read and need not be.
  def client_conf(optional)
    path = conf_path
    return {} if ENV['HEADWATER_CONF'].nil? && (!File.exist?(path) || (optional && !File.readable?(path)))

    File.readlines(path, encoding: 'UTF-8').each.with_index(1).with_object({}) do |(line, number), settings|
      key, equals, value = line.partition('=').map(&:strip)
      next if (key + equals).empty? || key.start_with?('#')

      wrong = fault(key, equals, value)
      raise ArgumentError, "#{path}:#{number}: #{wrong}" if wrong

      settings[key] = value unless value.empty?
    end
  end

  # What is wrong with a line of client.conf, and what would be right.
  def fault(key, equals, value)
    known = %w[url token ca cert key cache max_age]
    return 'expected KEY=VALUE' if equals.empty?
    return "unknown key '#{key}'; known are #{known.join(', ')}" unless known.include?(key)
    return if key != 'max_age' || value.match?(/\A[0-9]{0,9}\z/)

    "max_age is '#{value}'; expected whole seconds, such as 3600"
  end

  # The values of a 200, kept for an outage.
  def whole(uri, body, copy, context)
    values = parse(body)
    return fall_back(uri, 'answered 200 with something that is not a whole document', copy, context) unless values

    keep(body, copy) if copy
    values
  end

  # A document of Headwater's; nil for anything else.
  def parse(body)
    values = JSON.parse(body.to_s.dup.force_encoding('UTF-8'))
    values if values.is_a?(Hash) && values['headwater'].is_a?(Hash)
  rescue JSON::ParserError
    nil
  end

  # A machine that the server does not know, or no longer shows: what it said before is void.
  def missing(uri, answered, options, copy, context)
    forget(copy) if copy
    unless options['missing'] == 'skip'
      refuse(uri, "#{answered}; the option missing: skip goes on to the next level instead")
    end

    context.explain { "#{shown(uri)} #{answered}" }
    context.cache('unknown', true)
    context.not_found
  end

  # Where the machine's last document is kept, for how many seconds it serves, and what its first line says; nil if none
  # is to be kept. The settings are those of headwater-enc, in whose folder Hiera's documents have one of their own, and
  # in that each server has. The first line tells who asked, for another may not view the machine.
  def copy_of(uri, settings)
    name = certname(uri)
    return unless settings['cache'] && name.match?(/\A[A-Za-z0-9_][A-Za-z0-9._-]*\z/)

    server = "#{URI.join(uri, '.')}?#{uri.query}"
    file = File.join(settings['cache'], 'hiera', digest(server), "#{name}.json")
    [file, (settings['max_age'] || 3600).to_i, digest("#{server} #{settings['token'] || settings['cert']}")]
  end

  def digest(text)
    Digest::SHA256.hexdigest(text)[0, 16]
  end

  def keep(body, (file, _, owner))
    fresh = "#{file}.#{Process.pid}.#{Thread.current.object_id}"
    FileUtils.mkdir_p(File.dirname(file), mode: 0o700)
    File.open(fresh, File::WRONLY | File::CREAT | File::TRUNC | File::BINARY, 0o600) do |copy|
      copy.write("#{owner}\n", body)
    end
    File.rename(fresh, file)
  rescue SystemCallError => e
    Puppet.warning("Headwater: cannot keep a copy: #{e.message}")
  end

  def forget((file, _, owner))
    File.delete(file) if File.exist?(file) && File.open(file, &:gets)&.chomp == owner
  rescue SystemCallError => e
    Puppet.warning("Headwater: cannot remove a copy: #{e.message}")
  end

  # The values that were kept, marked as stale; fails the catalog with the reason for which they are wanted if there
  # are none.
  def fall_back(uri, what, copy, context)
    refuse(uri, what) unless copy
    file, max_age, owner = copy
    refuse(uri, "#{what}; no cached copy") unless File.file?(file)
    age = (Time.now - File.mtime(file)).floor
    refuse(uri, "#{what}; the cached copy is #{age} s old, max_age is #{max_age} s") unless (0...max_age).cover?(age)
    first, document = File.binread(file).split("\n", 2)
    refuse(uri, "#{what}; the cached copy was got with another token or certificate") unless first == owner
    values = parse(document)
    refuse(uri, "#{what}; the cached copy #{file} is damaged") unless values

    Puppet.warning("Headwater: #{shown(uri)} #{what}; using the cached copy, #{age} s old")
    context.explain { "#{shown(uri)} #{what}; this is the cached copy, #{age} s old" }
    values['headwater']['stale'] = true
    values
  rescue SystemCallError => e
    refuse(uri, "#{what}; the cached copy cannot be read: #{e.message}")
  end

  # The problem document (RFC 9457) that came with a status; an empty one if none did.
  def problem(response)
    problem = JSON.parse(response.body.to_s.dup.force_encoding('UTF-8'))
    problem.is_a?(Hash) ? problem : {}
  rescue JSON::ParserError
    {}
  end

  # The reason in the server's own words.
  def reason(response)
    return '' if response.code == '200'

    detail = problem(response)['detail']
    detail ? ": #{detail.to_s.tr("\r\n", ' ')}" : " with a document that is not Headwater's"
  end

  def refuse(uri, what)
    raise Puppet::DataBinding::LookupError, "Headwater: #{shown(uri)} #{what}"
  end

  # The address without a user and password, which are not for messages.
  def shown(uri)
    uri.to_s.sub(%r{//[^/@]*@}, '//')
  end
end
