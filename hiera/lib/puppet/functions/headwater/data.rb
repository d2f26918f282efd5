# frozen_string_literal: true

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

    uri = URI(options['uri'])
    copy = copy_of(uri, options)
    response, silence = get(uri, options)
    return fall_back(uri, silence, copy, context) unless response

    answered = "answered #{response.code}#{reason(response)}"
    case response.code
    when '200' then whole(uri, response.body, copy, context)
    when '404' then missing(uri, answered, options, copy, context)
    when '408', '429', /\A5/ then fall_back(uri, answered, copy, context)
    when '401', '403' then refuse(uri, "#{answered}; #{settings(options)['identity']}")
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

  # The response; or nil, and why there is none.
  def get(uri, options)
    refuse(uri, 'is no http or https address') unless uri.is_a?(URI::HTTP) && uri.host
    refuse(uri, 'has no certname: what hiera.yaml interpolates there is empty') if uri.path.end_with?('/')
    settings = settings(options)
    seconds = options['timeout'] || 5
    request = Net::HTTP::Get.new(uri, 'Accept' => 'application/json', 'User-Agent' => 'headwater-hiera/0.1.0')
    request['Authorization'] = "Bearer #{settings['token']}" if settings['token']
    Timeout.timeout(seconds) { connected(uri, settings, seconds) { |http| http.request(request) } }
  rescue Timeout::Error
    [nil, "gave no answer within #{seconds} s"]
  rescue Errno::ENOENT, Errno::EACCES, Errno::EISDIR, OpenSSL::X509::CertificateError, OpenSSL::PKey::PKeyError,
         ArgumentError => e
    refuse(uri, "could not be asked: #{e.message}")
  rescue OpenSSL::SSL::SSLError => e
    hint = '; the option ca names a file of the authorities to trust' if e.message.include?('certificate verify failed')
    [nil, "gave no answer: #{e.message}#{hint}"]
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

    # OpenSSL does not say which file it cannot read.
    settings.values_at('ca', 'cert', 'key').compact.each { |file| File.open(file, &:close) }
    http.use_ssl = true
    http.verify_mode = OpenSSL::SSL::VERIFY_PEER
    http.ca_file = settings['ca'] if settings['ca']
    return http unless settings['cert']

    http.cert = OpenSSL::X509::Certificate.new(File.read(settings['cert']))
    http.key = OpenSSL::PKey.read(File.read(settings['key'] || settings['cert']))
    http
  end

  # What proves who asks and whom to believe: the entry's own options, or else the environment and client.conf. In
  # `identity` it is told for messages.
  def settings(options)
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

    lines = File.readlines(path, encoding: 'UTF-8').map(&:strip).reject { |line| line.empty? || line.start_with?('#') }
    lines.map { |line| line.split('=', 2).map(&:strip) }.select { |pair| pair.length == 2 && !pair.last.empty? }.to_h
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

  # Where the machine's last document is kept, and for how many seconds it serves; nil if none is to be kept. The
  # settings are those of headwater-enc, in whose folder Hiera's documents have one of their own.
  def copy_of(uri, options)
    conf = options['cache'] && options['max_age'] ? {} : client_conf(true)
    folder = options['cache'] || conf['cache']
    name = File.basename(uri.path.to_s)
    return unless folder && name.match?(/\A[A-Za-z0-9_][A-Za-z0-9._-]*\z/)

    [File.join(folder, 'hiera', "#{name}.json"), (options['max_age'] || conf['max_age'] || 3600).to_i]
  rescue SystemCallError => e
    refuse(uri, "could not be asked: #{e.message}")
  end

  def keep(body, (file, _))
    fresh = "#{file}.#{Process.pid}.#{Thread.current.object_id}"
    FileUtils.mkdir_p(File.dirname(file), mode: 0o700)
    File.open(fresh, File::WRONLY | File::CREAT | File::TRUNC | File::BINARY, 0o600) { |copy| copy.write(body) }
    File.rename(fresh, file)
  rescue SystemCallError => e
    Puppet.warning("Headwater: cannot keep a copy: #{e.message}")
  end

  def forget((file, _))
    File.delete(file) if File.exist?(file)
  rescue SystemCallError => e
    Puppet.warning("Headwater: cannot remove a copy: #{e.message}")
  end

  # The values that were kept, marked as stale; fails the catalog with the reason for which they are wanted if there
  # are none.
  def fall_back(uri, what, copy, context)
    refuse(uri, what) unless copy
    file, max_age = copy
    refuse(uri, "#{what}; no cached copy") unless File.file?(file)
    age = (Time.now - File.mtime(file)).floor
    refuse(uri, "#{what}; the cached copy is #{age} s old, max_age is #{max_age} s") unless (0...max_age).cover?(age)
    values = parse(File.read(file))
    refuse(uri, "#{what}; the cached copy #{file} is damaged") unless values

    Puppet.warning("Headwater: #{shown(uri)} #{what}; using the cached copy, #{age} s old")
    context.explain { "#{shown(uri)} #{what}; this is the cached copy, #{age} s old" }
    values['headwater']['stale'] = true
    values
  rescue SystemCallError => e
    refuse(uri, "#{what}; the cached copy cannot be read: #{e.message}")
  end

  # The reason in the server's own words (RFC 9457), if it gave one.
  def reason(response)
    problem = JSON.parse(response.body.to_s.dup.force_encoding('UTF-8'))
    detail = problem['detail'] if problem.is_a?(Hash)
    detail ? ": #{detail.to_s.tr("\r\n", ' ')}" : ''
  rescue JSON::ParserError
    ''
  end

  def refuse(uri, what)
    raise Puppet::DataBinding::LookupError, "Headwater: #{shown(uri)} #{what}"
  end

  # The address without a user and password, which are not for messages.
  def shown(uri)
    uri.to_s.sub(%r{//[^/@]*@}, '//')
  end
end
